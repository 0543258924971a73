import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestCa } from '../../mocks/index.ts'
import { systemClock } from '../../src/kit/clock.ts'
import {
  openTokenService,
  type RedisRevocationsOptions,
  redisRevocations,
  type TokenService,
} from '../../src/sst/index.ts'
import { execFileSync } from '../support/run-sync.ts'
import { startFalseRedis } from './support/false-redis.ts'
import { startRedis } from './support/redis-server.ts'
import { original, testDirectory } from './support/samples.ts'

const revoked = { kind: 'invalid', reason: 'revoked' }
const unavailable = { kind: 'invalid', reason: 'unavailable' }

async function open(options: RedisRevocationsOptions, lines: string[] = []): Promise<TokenService> {
  const log = (_: string, line: string) => void lines.push(line)
  const tokens = await openTokenService({ key: original.key, revocations: redisRevocations(options), log })
  onTestFinished(() => tokens.close())
  return tokens
}

const redisCli = (port: number, ...words: string[]) =>
  execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).trim()

const keyOf = (token: string) => `{sesame-sst}:revoked:${token.slice(-32)}`

describe('[case 103] a Redis without a list', () => {
  test('is not opened, and nothing is written; created once; then opened, and created never again', async () => {
    const { url, port } = await startRedis()
    await expect(open({ url })).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
      hint: `sesame sst init --redis ${url}`,
    })
    expect(redisCli(port, 'DBSIZE')).toBe('0')
    const context = { clock: systemClock, log: () => undefined }
    const made = await redisRevocations({ url, create: true })(context)
    const identity = redisCli(port, 'GET', '{sesame-sst}')
    const again = await redisRevocations({ url, create: true })(context)
    expect([made.created, again.created]).toEqual([true, false])
    expect(redisCli(port, 'GET', '{sesame-sst}')).toBe(identity)
    for (const list of [made, again]) await list.close()
    expect(await (await open({ url })).verify(original.token)).toMatchObject({ kind: 'valid' })
  })

  test('a list of sesame 0.1.0 is one', async () => {
    const { url, port } = await startRedis()
    redisCli(port, 'SET', '{sesame-sst}', 'f3f0a4b2-5f0e-4a58-9a53-0c0c4b8a2b6e')
    redisCli(port, 'SET', keyOf(original.token), '{"userId":"cdiservice","revokedAt":1657442443}')
    expect(await (await open({ url })).verify(original.token)).toEqual(revoked)
  })

  test('a password is in no hint', async () => {
    const { url } = await startRedis({ password: 'p4ss-word.of-redis' })
    await expect(open({ url })).rejects.toMatchObject({ hint: 'sesame sst init' })
  })

  test('emptied under a running service: no token is taken, and opening anew does not help', async () => {
    const { url, port } = await startRedis()
    const tokens = await open({ url, create: true, graceSeconds: 60 })
    const token = tokens.create('bob')
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    redisCli(port, 'FLUSHALL')
    expect(await tokens.list()).toEqual({ kind: 'unavailable' })
    expect(await tokens.verify(token)).toEqual(unavailable)
    await expect(open({ url })).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
    // A new list is another one.
    await open({ url, create: true })
    expect(await tokens.verify(token)).toEqual(unavailable)
    expect(await tokens.revoke(token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
  })

  test('that cannot be reached at first, and then has no list', async () => {
    const server = await startRedis()
    await server.stop()
    const lines: string[] = []
    const tokens = await open({ url: server.url, timeoutMs: 300, graceSeconds: 60 }, lines)
    await server.start()
    await expect
      .poll(() => tokens.verify(original.token).then(() => lines.join()), { timeout: 10_000 })
      .toContain('There is no revocation list in Redis')
    expect(await tokens.verify(original.token)).toEqual(unavailable)
    redisCli(server.port, 'SET', '{sesame-sst}', 'x')
    expect(await tokens.verify(original.token)).toMatchObject({ kind: 'valid' })
  })
})

describe('[case 110] what is revoked is read back', () => {
  test('a key of another kind in its place', async () => {
    const { url, port } = await startRedis()
    const tokens = await open({ url, create: true })
    redisCli(port, 'HSET', keyOf(original.token), 'a', 'b')
    expect(await tokens.revoke(original.token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
  })

  test('a server that says yes and keeps nothing', async () => {
    const url = await startFalseRedis(([name = '', ...keys]) =>
      name === 'MGET' ? keys.map((key) => (key === '{sesame-sst}' ? 'x' : null)) : 'OK',
    )
    const tokens = await open({ url })
    expect(await tokens.revoke(original.token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
  })
})

test('[case 123] a scan that never ends is given up', async () => {
  let asked = 0
  const url = await startFalseRedis(([name = '']) => {
    if (name === 'SCAN') return [String(++asked % 7 === 0 ? 3 : asked), []]
    if (name === 'DBSIZE') return 2
    return name === 'MGET' ? ['x'] : 'OK'
  })
  const tokens = await open({ url })
  expect(await tokens.list()).toEqual({ kind: 'unavailable' })
  expect(asked).toBeLessThan(2000)
})

test('entries of other programs do not keep the others from being listed', async () => {
  const { url, port } = await startRedis()
  const tokens = await open({ url, create: true })
  await tokens.revoke(original.token)
  for (const [i, value] of [
    '',
    'x',
    '7',
    'null',
    '[]',
    '{"userId":7,"revokedAt":"soon","expiresAt":1e99}',
  ].entries()) {
    redisCli(port, 'SET', `{sesame-sst}:revoked:${i}`, value)
  }
  const list = await tokens.list()
  if (list.kind !== 'listed') throw new Error('not listed')
  expect(list.revocations).toHaveLength(7)
  expect(list.revocations[0]).toMatchObject({ userId: 'cdiservice' })
  for (const { revokedAt } of list.revocations) expect(revokedAt.getTime()).not.toBeNaN()
})

test('[case 112] a grace ends by either clock: the machine slept, or its time was set', async () => {
  const server = await startRedis()
  const start = new Date('2026-11-21T08:00:00Z')
  let [monotonicMs, wallMs] = [0, 0]
  const clock = {
    ...systemClock,
    monotonicMs: () => monotonicMs,
    now: () => new Date(start.getTime() + wallMs),
  }
  const tokens = await openTokenService({
    key: original.key,
    clock,
    revocations: redisRevocations({ url: server.url, create: true, timeoutMs: 300, graceSeconds: 60 }),
  })
  onTestFinished(() => tokens.close())
  expect(await tokens.verify(original.token)).toMatchObject({ kind: 'valid' })
  await server.stop()
  for (const [mono, wall, kind] of [
    [59_000, 59_000, 'valid'],
    [59_000, 61_000, 'invalid'],
    [61_000, 0, 'invalid'],
    [61_000, -1e9, 'invalid'],
    [0, 0, 'valid'],
  ] as const) {
    monotonicMs = mono
    wallMs = wall
    expect(await tokens.verify(original.token), `${mono} ${wall}`).toMatchObject({ kind })
  }
})

describe('[case 123] the URL', () => {
  test.each(['rediss://:%zz@redis.example', 'rediss://%zz@redis.example', 'redis://:p%ss@127.0.0.1'])(
    '%s is wrong usage',
    (url) => {
      expect(() => redisRevocations({ url })).toThrow(
        expect.objectContaining({ code: 'ERR_USAGE', hint: expect.stringContaining('%25') }),
      )
    },
  )

  test.each([
    'redis://127.0.0.256:6379',
    'redis://127.999.0.1',
    'rediss://$(id).example',
    'rediss://redis%2eexample',
    "rediss://a'b.example",
  ])('%s names no host', (url) => {
    expect(() => redisRevocations({ url })).toThrow(expect.objectContaining({ code: 'ERR_INSECURE_URL' }))
  })
})

describe('[case 104] certificates are checked, whatever the environment says', () => {
  const library = join(import.meta.dirname, '..', '..', 'dist', 'sst.cjs')
  const program = `
    const { openTokenService, redisRevocations } = require(process.argv[1])
    const [url, key, token] = process.argv.slice(2)
    openTokenService({ key, revocations: redisRevocations({ url, timeoutMs: 2000 }), log: (_, line) => console.error(line) })
      .then(async (tokens) => { console.log(JSON.stringify(await tokens.verify(token))); await tokens.close() })`
  const ask = (url: string, env: Record<string, string>, nodeOptions: readonly string[] = []) =>
    promisify(execFile)(
      process.execPath,
      [...nodeOptions, '-e', program, library, url, original.key, original.token],
      { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } },
    )

  test('a foreign certificate gets no password, and its verdict is not believed', async () => {
    const directory = testDirectory()
    const { cert, key } = createTestCa().issue()
    const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
    writeFileSync(certFile, cert)
    writeFileSync(keyFile, key)
    const { url } = await startRedis({ tls: { cert: certFile, key: keyFile } })
    const { stdout, stderr } = await ask(url, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    expect(JSON.parse(stdout)).toEqual(unavailable)
    expect(stderr).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('nor is TLS before 1.2 spoken, if Node was configured to', async () => {
    const directory = testDirectory()
    const ca = createTestCa()
    writeFileSync(join(directory, 'ca.pem'), ca.ca)
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const server = createServer({ ...ca.issue(), ...old })
    let spoken = 0
    server.on('secureConnection', () => spoken++).on('tlsClientError', () => undefined)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const url = `rediss://127.0.0.1:${(server.address() as AddressInfo).port}`
    const nodeOptions = ['--tls-min-v1.0', '--tls-cipher-list=DEFAULT@SECLEVEL=0']
    const { stdout } = await ask(url, { NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') }, nodeOptions)
    expect(JSON.parse(stdout)).toEqual(unavailable)
    expect(spoken).toBe(0)
  })
})
