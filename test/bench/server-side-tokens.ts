import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jwtVerify, SignJWT } from 'jose'
import { systemClock } from '../../src/kit/clock.ts'
import {
  memoryRevocations,
  openTokenService,
  sqliteRevocations,
  type TokenService,
} from '../../src/sst/index.ts'
import { openSqliteDatabase } from '../../src/sst/sqlite/database.ts'
import { loadSqlite } from '../../src/sst/sqlite/driver.ts'
import { sqliteList } from '../../src/sst/sqlite/revocations.ts'
import type { Row, Table, Verdict } from './report.ts'
import { median } from './statistics.ts'

const key = 'v}#0CEYuG%M8#c77HkUp'
const tokensPerRound = 1000
const rounds = 41

type Work = (token: string) => unknown

/**
 * Tokens made and checked per second on one core, beside the bare cipher and JWTs, with up to a million revocations.
 * CPU time, not wall time: the machine may be shared. Each round runs everything once, so ratios are of the same moment.
 */
export async function measureServerSideTokens(): Promise<Table> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-bench-sst-'))
  try {
    return await measureIn(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureIn(directory: string): Promise<Table> {
  const raw = rawCipher()
  const tokens = await openTokenService({ key, revocations: memoryRevocations() })
  const jwt = await joseHs256()
  const verifying = new Map<number, TokenService>()
  const mebibytes = new Map<number, number>()
  for (const count of [0, 10_000, 1_000_000]) {
    const file = join(directory, `${count}.db`)
    mebibytes.set(count, await fill(file, count))
    const service = await openTokenService({ key, revocations: sqliteRevocations({ file }) })
    verifying.set(count, service)
    // Every question reads some more rows in; these are enough for all of them.
    const token = service.create('cdiservice')
    for (let n = 0; n < 300 + count / 500; n++) await service.verify(token)
  }
  const works: Record<string, Work> = {
    'create: AES-256-GCM alone': () => raw.create(),
    'create: sesame': () => tokens.create('cdiservice'),
    'verify: AES-256-GCM alone': (token) => raw.verify(token),
    'verify: AES-256-GCM alone, awaited': async (token) => raw.verify(token),
    ...Object.fromEntries(
      [...verifying].map(([count, service]) => [verifyName(count), (token: string) => service.verify(token)]),
    ),
    'verify: forged': (token) => tokens.verify(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`),
  }
  const times = await measure(works, raw)
  const jwtTimes = await measure({ create: () => jwt.create(), verify: () => jwt.verify() }, raw, 11)
  for (const service of [...verifying.values(), tokens]) await service.close()

  const row = (what: string, base: string, least?: number): Row => {
    const quotient = median((times[base] ?? []).map((time, i) => time / (times[what]?.[i] ?? Number.NaN)))
    const figures = [perSecond(times[what]), quotient.toFixed(2), '']
    return least === undefined ? { what, figures } : { what, figures, verdict: atLeast(least, quotient) }
  }
  const awaited = 'verify: AES-256-GCM alone, awaited'
  const rows = Object.keys(works).map((what): Row => {
    if (what.startsWith('create')) return row(what, 'create: AES-256-GCM alone')
    return row(what, awaited, /revoked$/.test(what) ? 0.9 : undefined)
  })
  const million = mebibytes.get(1_000_000) ?? Number.NaN
  const flat = median(
    (times[verifyName(0)] ?? []).map((time, i) => time / (times[verifyName(1_000_000)]?.[i] ?? 1)),
  )
  return {
    title: '(g) server-side tokens',
    columns: ['per second', 'to the cipher', 'memory'],
    rows: [
      ...rows,
      {
        what: 'verify: a million revoked to none',
        figures: ['', flat.toFixed(2), ''],
        verdict: atLeast(0.9, flat),
      },
      { what: 'jose HS256 create', figures: [perSecond(jwtTimes.create), '', ''] },
      { what: 'jose HS256 verify', figures: [perSecond(jwtTimes.verify), '', ''] },
      {
        what: 'a million revocations in memory',
        figures: ['', '', `${million.toFixed(0)} MiB`],
        verdict: { target: '<= 64 MiB', met: million <= 64 },
      },
    ],
    notes: [
      'CPU time on one core. Verifying may have to ask Redis, so it is a promise; the cipher is awaited like it.',
    ],
  }
}

const verifyName = (count: number) => `verify: sesame, ${count.toLocaleString('en')} revoked`

/** CPU seconds per token, for each work and round. */
async function measure(
  works: Record<string, Work>,
  raw: ReturnType<typeof rawCipher>,
  count = rounds,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {}
  const tokens = Array.from({ length: tokensPerRound }, () => raw.create())
  for (let round = -5; round < count; round++) {
    for (const [name, work] of Object.entries(works)) {
      const start = process.cpuUsage()
      for (const token of tokens) {
        const result = work(token)
        if (result instanceof Promise) await result
      }
      const { user, system } = process.cpuUsage(start)
      // The first rounds are for the compiler.
      if (round < 0) continue
      times[name] = [...(times[name] ?? []), (user + system) / 1e6 / tokensPerRound]
    }
  }
  return times
}

/** A plain implementation with node:crypto alone: no parsing, no checks, no revocations. */
function rawCipher() {
  const secret: KeyObject = createSecretKey(Buffer.from(createHash('md5').update(key).digest('hex'), 'ascii'))
  return {
    create(): string {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', secret, nonce, { authTagLength: 16 })
      const sealed = [nonce, cipher.update('cdiservice|1657442319'), cipher.final(), cipher.getAuthTag()]
      return `SST-${Buffer.concat(sealed).toString('hex')}`
    },
    verify(token: string): string {
      const sealed = Buffer.from(token.slice(4), 'hex')
      const tagAt = sealed.length - 16
      const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, 12), { authTagLength: 16 })
      decipher.setAuthTag(sealed.subarray(tagAt))
      const content = decipher.update(sealed.subarray(12, tagAt))
      decipher.final()
      return content.toString()
    },
  }
}

async function joseHs256() {
  const secret = randomBytes(32)
  const create = () =>
    new SignJWT({ sub: 'cdiservice' }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().sign(secret)
  const token = await create()
  return { create, verify: () => jwtVerify(token, secret) }
}

/** Makes a database with so many revocations; the MiB that a service needs for them. */
export async function fill(file: string, count: number): Promise<number> {
  const database = await openSqliteDatabase(file, systemClock, { create: true })
  const connect = await loadSqlite()
  const writer = connect(file)
  writer.exec(`INSERT INTO revocation_list (token, userId, t) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    SELECT 'SST-' || lower(hex(randomblob(49))), 'cdiservice', 1700000000 FROM n WHERE ${count} > 0`)
  writer.close()
  const list = sqliteList(database, systemClock)
  do list.isRevoked(Buffer.alloc(49), systemClock.now())
  while (!list.follower.isInStep)
  const { byteLength } = list.follower
  list.close()
  return byteLength / 2 ** 20
}

function atLeast(limit: number, figure: number): Verdict {
  return { target: `>= ${limit}`, met: figure >= limit }
}

function perSecond(times: readonly number[] | undefined): string {
  return Math.round(1 / median(times ?? [])).toLocaleString('en')
}
