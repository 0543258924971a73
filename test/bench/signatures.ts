import { createHash, createHmac } from 'node:crypto'
import {
  type OssCredentials,
  presignV1,
  presignV4,
  signHeadersV1,
  signHeadersV4,
} from '../../src/oss/index.ts'
import { type Row, ratio, type Table } from './report.ts'
import { median } from './statistics.ts'

const rounds = 15
const perRound = 2_000

const request = {
  method: 'PUT',
  bucket: 'reports',
  key: 'a folder/ü+%2F/may 2026.csv',
  query: {
    'x-oss-process': 'image/resize,w_100',
    versionId: 'CAEQNhiBgMDJgZCA0BYiIDc4MGZjZGI2OTBjOTRmNTE5NmU5',
  },
  headers: { 'content-type': 'text/csv', 'x-oss-meta-author': 'alice', 'x-oss-meta-note': 'a note' },
}
const credentials: OssCredentials = {
  accessKeyId: 'STS.NUgYrL9HvXGYqm8qRJ6dG1n9B',
  accessKeySecret: 'k'.repeat(44),
  securityToken: `CAIS${'t'.repeat(796)}`,
}
const options = { region: 'cn-hangzhou', now: new Date('2026-11-21T12:00:00Z'), expiresSeconds: 600 }
/** About as long as what the request above is signed as. */
const text = 'x'.repeat(1200)

const hmac = (key: string | Buffer, part: string) => createHmac('sha256', key).update(part).digest()

/** Nothing but the hashes of a V4 signature: one digest, four keys, one signature. */
function bareV4(): string {
  const digest = createHash('sha256').update(text).digest('hex')
  let key: string | Buffer = `aliyun_v4${credentials.accessKeySecret}`
  for (const part of ['20261121', 'cn-hangzhou', 'oss', 'aliyun_v4_request']) key = hmac(key, part)
  return hmac(key, digest).toString('hex')
}

/** Nothing but the one hash of a V1 signature. */
function bareV1(): string {
  return createHmac('sha1', credentials.accessKeySecret).update(text).digest('base64')
}

/** Signatures for OSS in one thread, beside the bare chain of HMACs that each cannot do without. */
export async function measureSignatures(): Promise<Table> {
  const groups = [
    {
      bare: { name: 'bare HMAC chain of V4', make: bareV4 },
      signers: [
        { name: '  signHeadersV4', make: () => signHeadersV4(request, credentials, options) },
        { name: '  presignV4', make: () => presignV4(request, credentials, options) },
      ],
    },
    {
      bare: { name: 'bare HMAC of V1', make: bareV1 },
      signers: [
        { name: '  signHeadersV1', make: () => signHeadersV1(request, credentials, options) },
        { name: '  presignV1', make: () => presignV1(request, credentials, options) },
      ],
    },
  ]
  const cases = groups.flatMap(({ bare, signers }) => [bare, ...signers])
  const times = new Map(cases.map(({ name }) => [name, [] as number[]]))
  // The first round is not counted: the compiler is still at work.
  for (let round = 0; round <= rounds; round++) {
    for (const { name, make } of cases) {
      const microseconds = timed(make)
      if (round > 0) times.get(name)?.push(microseconds)
    }
  }
  const timeOf = (name: string) => median(times.get(name) ?? [])
  const rows = groups.flatMap(({ bare, signers }) => [
    rowOf(bare.name, timeOf(bare.name)),
    ...signers.map(({ name }) => rowOf(name, timeOf(name), timeOf(bare.name))),
  ])
  return {
    title: '(f) OSS signatures, one thread, token of 800 characters',
    columns: ['each', 'per second', 'time/bare'],
    rows,
    notes: [`Medians of ${rounds} interleaved rounds of ${perRound}.`],
  }
}

/** Microseconds for one. */
function timed(make: () => unknown): number {
  const startedAtMs = performance.now()
  for (let i = 0; i < perRound; i++) make()
  return ((performance.now() - startedAtMs) * 1000) / perRound
}

function rowOf(what: string, microseconds: number, bareMicroseconds?: number): Row {
  const perSecond = Math.round(1e6 / microseconds).toLocaleString('en-US')
  const beside = bareMicroseconds === undefined ? '' : ratio(microseconds / bareMicroseconds)
  return { what, figures: [`${microseconds.toFixed(1)} us`, perSecond, beside] }
}
