import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestCa } from '../../mocks/index.ts'
import { systemClock } from '../../src/kit/clock.ts'
import {
  openTokenService,
  type RedisRevocationsOptions,
  redisRevocations,
  type TokenService,
} from '../../src/sst/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { execFileSync } from '../support/run-sync.ts'
import { startPeer } from './support/peer-process.ts'
import { startRedis } from './support/redis-server.ts'
import { inBase64, original, testDirectory } from './support/samples.ts'

const valid = { kind: 'valid' }
const revoked = { kind: 'invalid', reason: 'revoked' }
const unavailable = { kind: 'invalid', reason: 'unavailable' }

async function open(options: RedisRevocationsOptions, lines: string[] = []): Promise<TokenService> {
  const log = (_: string, line: string) => void lines.push(line)
  const tokens = await openTokenService({
    key: original.key,
    revocations: redisRevocations({ create: true, ...options }),
    log,
  })
  onTestFinished(() => tokens.close())
  return tokens
}

/** Waits until a token is judged in a certain way. */
async function becomes(expected: object, tokens: TokenService, token: string): Promise<void> {
  await expect.poll(() => tokens.verify(token), { timeout: 5000, interval: 50 }).toMatchObject(expected)
}

describe('[case 96] revoked on one node', () => {
  test('refused on all, at once, in every spelling, and listed', async () => {
    const { url } = await startRedis()
    const tokens = await open({ url })
    const peer = await startPeer({ key: original.key, url })
    const token = tokens.create('bob')
    expect(await peer.ask('verify', token)).toMatchObject(valid)
    expect(await peer.ask('revoke', token)).toEqual({ kind: 'revoked', userId: 'bob', wasRevoked: false })
    expect(await tokens.verify(token)).toEqual(revoked)
    expect(await tokens.verify(inBase64(token))).toEqual(revoked)
    expect(await tokens.revoke(token)).toEqual({ kind: 'revoked', userId: 'bob', wasRevoked: true })
    expect(await tokens.verify(tokens.create('bob'))).toMatchObject(valid)
    expect(await tokens.revoke('SST-00')).toEqual({ kind: 'not-revoked', reason: 'forged' })
    expect(await tokens.list()).toEqual({
      kind: 'listed',
      revocations: [{ fingerprint: token.slice(-32), userId: 'bob', revokedAt: expect.any(Date) }],
    })
  })

  test('[case 98] verifying and revoking at once: after revoke has returned, no verify takes it', async () => {
    const { url } = await startRedis()
    const [one, two] = [await open({ url }), await open({ url })]
    for (let round = 0; round < 30; round++) {
      const token = one.create('bob')
      const before = [one.verify(token), two.verify(token)]
      const revoking = one.revoke(token)
      before.push(one.verify(token), two.verify(token))
      await revoking
      expect(await one.verify(token)).toEqual(revoked)
      expect(await two.verify(token)).toEqual(revoked)
      await Promise.all(before)
    }
  })

  test('[case 97] entries of expiring tokens end by themselves, 400 days after the token; lasting ones stay', async () => {
    const { url, port } = await startRedis()
    const clock = fakeClock(new Date())
    const tokens = await openTokenService({
      key: original.key,
      revocations: redisRevocations({ url, create: true, timeoutMs: 500 }),
      clock: { ...systemClock, now: clock.now },
    })
    onTestFinished(() => tokens.close())
    const expiring = tokens.create('bob', { ttlSeconds: 60 })
    const lasting = tokens.create('eve')
    for (const token of [expiring, lasting])
      expect(await tokens.revoke(token)).toMatchObject({ kind: 'revoked' })
    const endOf = (token: string) =>
      Number(
        execFileSync(
          'redis-cli',
          ['-p', String(port), 'EXPIRETIME', `{sesame-sst}:revoked:${token.slice(-32)}`],
          { encoding: 'utf8' },
        ),
      )
    expect(endOf(expiring)).toBe(Math.floor(clock.now().getTime() / 1000) + 60 + 400 * 86_400)
    expect(endOf(lasting)).toBe(-1)
  })
})

describe('[case 96] fails closed', () => {
  test('down from the beginning, then there, then down, then back', async () => {
    const server = await startRedis()
    await server.stop()
    const lines: string[] = []
    const tokens = await open({ url: server.url, timeoutMs: 300 }, lines)
    const [token, other] = [tokens.create('bob'), tokens.create('eve')]
    expect(await tokens.verify(token)).toEqual(unavailable)
    expect(await tokens.revoke(token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
    expect(await tokens.list()).toEqual({ kind: 'unavailable' })
    await server.start()
    await becomes(valid, tokens, token)
    expect(await tokens.revoke(token)).toMatchObject({ kind: 'revoked' })
    await server.stop()
    expect(await tokens.verify(other)).toEqual(unavailable)
    expect(await tokens.verify(token)).toEqual(revoked)
    await server.start()
    await becomes(valid, tokens, other)
    expect(await tokens.verify(token)).toEqual(revoked)
    const fresh = await open({ url: server.url })
    expect(await fresh.verify(token)).toEqual(revoked)
    expect(lines.join('\n')).toContain('ECONNREFUSED')
    expect(lines.join('\n')).not.toContain(token.slice(4, 30))
  })

  test('too slow: no answer within the limit is none', async () => {
    const server = await startRedis()
    const tokens = await open({ url: server.url, timeoutMs: 200 })
    const token = tokens.create('bob')
    expect(await tokens.verify(token)).toMatchObject(valid)
    server.pause()
    const start = performance.now()
    expect(await tokens.verify(token)).toEqual(unavailable)
    expect(await tokens.revoke(token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
    expect(performance.now() - start).toBeLessThan(30_000)
    server.resume()
    await becomes({}, tokens, token)
  })

  test('a server that has lost its list: nothing is taken until the service is opened anew', async () => {
    const server = await startRedis({ persistent: false })
    const tokens = await open({ url: server.url, timeoutMs: 300, graceSeconds: 60 })
    const [token, other] = [tokens.create('bob'), tokens.create('eve')]
    await tokens.revoke(token)
    await server.stop()
    await server.start()
    await becomes(unavailable, tokens, other)
    expect(await tokens.verify(token)).toEqual(revoked)
    expect(await tokens.list()).toEqual({ kind: 'unavailable' })
    const fresh = await open({ url: server.url })
    expect(await fresh.verify(other)).toMatchObject(valid)
    expect(await tokens.verify(other)).toEqual(unavailable)
  })

  test('a grace, where it is asked for, has an end, and never covers what is known to be revoked', async () => {
    const server = await startRedis()
    const tokens = await open({ url: server.url, timeoutMs: 200, graceSeconds: 1 })
    const [token, other] = [tokens.create('bob'), tokens.create('eve')]
    await tokens.revoke(token)
    expect(await tokens.verify(other)).toMatchObject(valid)
    const answered = performance.now()
    await server.stop()
    expect(await tokens.verify(other)).toMatchObject(valid)
    expect(await tokens.verify(token)).toEqual(revoked)
    await becomes(unavailable, tokens, other)
    expect(performance.now() - answered).toBeGreaterThan(900)
  })
})

describe('the way to Redis', () => {
  test.each([
    'redis://redis.example:6379',
    'redis://localhost:6379',
    'http://127.0.0.1:6379',
    'rediss://',
    'rediss://redis.example/0?x=1',
    'rediss://redis.example/zero',
    'redis',
  ])('%s is refused', (url) => {
    expect(() => redisRevocations({ url })).toThrow(expect.objectContaining({ code: 'ERR_INSECURE_URL' }))
  })

  test('a password is used, and is in no error and no log', async () => {
    const password = 'p4ss-word.of-redis'
    const server = await startRedis({ password })
    const tokens = await open({ url: server.url })
    expect(await tokens.verify(original.token)).toMatchObject(valid)
    const lines: string[] = []
    const wrong = await open(
      { url: server.url.replace(password, `${password}-wrong`), timeoutMs: 300 },
      lines,
    )
    expect(await wrong.verify(original.token)).toEqual(unavailable)
    expect(lines.join('\n')).toContain('sst')
    expect(lines.join('\n')).not.toContain(password)
    const insecure = `redis://:${password}@redis.example`
    expect(() => redisRevocations({ url: insecure })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(password) }),
    )
  })

  test('TLS, checked against the CA that is given', async () => {
    const directory = testDirectory()
    const ca = createTestCa()
    const { cert, key } = ca.issue()
    const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
    writeFileSync(certFile, cert)
    writeFileSync(keyFile, key)
    const { url } = await startRedis({ tls: { cert: certFile, key: keyFile } })
    expect(url).toMatch(/^rediss:/)
    const tokens = await open({ url, ca: ca.ca })
    expect(await tokens.verify(original.token)).toMatchObject(valid)
    const lines: string[] = []
    const strangers = await open({ url, timeoutMs: 300 }, lines)
    expect(await strangers.verify(original.token)).toEqual(unavailable)
    expect(lines.join('\n')).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })
})
