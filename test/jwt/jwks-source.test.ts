import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Fault, faults, type HttpServer, startHttpServer } from '../../mocks/index.ts'
import {
  createJwksSource,
  type Jwk,
  type JwksSourceOptions,
  type VerifyJwtOptions,
  verifyJwt,
} from '../../src/jwt/index.ts'
import { failureOf, openFetch } from '../http/support/open-fetch.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { audience, goodClaims, issuedAt, issuer, makeKey, signToken } from '../support/token-issuer.ts'

const route = 'GET /jwks.json'
const key = makeKey()
const nextKey = makeKey()

let clock: FakeClock
let keys: unknown
let server: HttpServer<typeof route>
beforeEach(async () => {
  clock = fakeClock(issuedAt)
  keys = [key.jwk]
  server = await startHttpServer({ routes: { [route]: () => ({ status: 200, body: { keys } }) } })
})
afterEach(() => server.close())

/** Verifies tokens with one source, whose keys come from the server. */
function openVerifier(options: Partial<JwksSourceOptions> = {}, more: Partial<VerifyJwtOptions> = {}) {
  const fetch = openFetch()
  const jwks = createJwksSource({ url: `${server.url}/jwks.json`, fetch, clock, ...options })
  return (token: string) => verifyJwt(token, { issuer, audience, jwks, ...more }, { fetch, clock })
}

const fetched = () => server.requests.length
const always = (fault: Fault) => server.fault(route, fault, { times: Infinity })

describe('[case 74] keys that rotate', () => {
  test('are fetched with the first token, and kept', async () => {
    const verify = openVerifier()
    expect(fetched()).toBe(0)
    for (let i = 0; i < 5; i++) expect((await verify(signToken(key))).claims).toEqual(goodClaims)
    expect(fetched()).toBe(1)
  })

  test('an unknown key id fetches the set again, once the cooldown is over', async () => {
    const verify = openVerifier()
    await verify(signToken(key))
    keys = [nextKey.jwk, key.jwk]
    expect(await failureOf(verify(signToken(nextKey)))).toMatchObject({ reason: 'no-key' })
    clock.advance(30_000)
    await verify(signToken(nextKey))
    await verify(signToken(key))
    expect(fetched()).toBe(2)
  })

  test('a key that was withdrawn is refused once the set is ten minutes old', async () => {
    const verify = openVerifier()
    await verify(signToken(key))
    keys = [nextKey.jwk]
    clock.advance(599_000)
    await verify(signToken(key))
    clock.advance(1_000)
    expect(await failureOf(verify(signToken(key)))).toMatchObject({ reason: 'no-key' })
    expect(fetched()).toBe(2)
  })

  test('a flood of unknown key ids makes one request per cooldown', async () => {
    const verify = openVerifier()
    for (let round = 1; round <= 3; round++) {
      const flood = Array.from({ length: 50 }, (_, i) =>
        failureOf(verify(signToken(key, goodClaims, { kid: `unknown-${i}` }))),
      )
      for (const error of await Promise.all(flood)) expect(error).toMatchObject({ reason: 'no-key' })
      await verify(signToken(key))
      expect(fetched()).toBe(round)
      clock.advance(30_000)
    }
  })

  test('many first tokens at once share one request', async () => {
    const verify = openVerifier()
    await Promise.all(Array.from({ length: 50 }, () => verify(signToken(key))))
    expect(fetched()).toBe(1)
  })

  test('who names only the URL has one source per fetch', async () => {
    const world = { fetch: openFetch(), clock }
    const options = { issuer, audience, jwks: `${server.url}/jwks.json` }
    for (let i = 0; i < 3; i++) await verifyJwt(signToken(key), options, world)
    expect(fetched()).toBe(1)
    await verifyJwt(signToken(key), options, { ...world, fetch: openFetch() })
    expect(fetched()).toBe(2)
  })
})

describe('[case 74] a token without key id', () => {
  const anonymous = (own: typeof key) => signToken(own, goodClaims, { kid: undefined })

  test('is tried with the keys that fit, and only with those', async () => {
    keys = [makeKey('P-256').jwk, { ...makeKey().jwk, use: 'enc' }, nextKey.jwk, key.jwk]
    const verify = openVerifier()
    await verify(anonymous(key))
    await verify(anonymous(nextKey))
    expect(await failureOf(verify(anonymous(makeKey())))).toMatchObject({ reason: 'signature' })
  })

  test('has no key where none fits', async () => {
    keys = [makeKey('P-256').jwk]
    expect(await failureOf(openVerifier()(anonymous(key)))).toMatchObject({ reason: 'no-key' })
  })
})

describe('[case 74] keys that may not be used', () => {
  const own = (change: Jwk) => ({ ...key.jwk, ...change })
  const weak = makeKey('RSA', 512)
  const weakish = makeKey('RSA', 1024)

  test.each<[string, unknown, RegExp]>([
    ['for encryption', own({ use: 'enc' }), /is not for signatures/],
    ['for signing only', own({ key_ops: ['sign'] }), /is not for verifying/],
    ['for another algorithm', own({ alg: 'PS256' }), /is not for RS256/],
    ['symmetric', { kty: 'oct', k: 'AAAA', kid: key.kid, alg: 'RS256' }, /is not for RS256/],
    ['private', { ...key.privateKey.export({ format: 'jwk' }), kid: key.kid }, /is a private key/],
    ['broken', own({ n: 1 }), /cannot be read/],
    ['RSA with 512 bits', { ...weak.jwk, kid: key.kid }, /is too weak \(RSA with 512 bits\)/],
    ['RSA with 1024 bits', { ...weakish.jwk, kid: key.kid }, /is too weak \(RSA with 1024 bits\)/],
    ['RSA with the exponent 1', own({ e: 'AQ' }), /is too weak/],
  ])('%s', async (_what, jwk, message) => {
    keys = [jwk, null, 'key', []]
    const error = await failureOf(openVerifier()(signToken(key)))
    expect(error).toMatchObject({ reason: 'no-key', message: expect.stringMatching(message) })
  })

  test('a weak key is refused although its signature fits', async () => {
    keys = [weakish.jwk]
    expect(await failureOf(openVerifier()(signToken(weakish)))).toMatchObject({ reason: 'no-key' })
  })

  test('HS256 with a symmetric key of the set is refused', async () => {
    keys = [{ kty: 'oct', k: 'AAAA', kid: key.kid }]
    const token = signToken(key).replace(/^[^.]+/, Buffer.from('{"alg":"HS256"}').toString('base64url'))
    expect(await failureOf(openVerifier()(token))).toMatchObject({ reason: 'algorithm' })
  })
})

describe('[case 74] a set that cannot be had', () => {
  test.each<[string, Fault, string]>([
    ['500 with HTML', faults.internalErrorHtml, 'ERR_SERVER'],
    ['404', { kind: 'json', status: 404, body: {} }, 'ERR_RESPONSE_INVALID'],
    ['401', { kind: 'json', status: 401, body: {} }, 'ERR_RESPONSE_INVALID'],
    ['429', faults.throttled, 'ERR_SERVER'],
    ['200 with HTML', { kind: 'status', status: 200, body: '<html>' }, 'ERR_RESPONSE_INVALID'],
    ['200 with no set', { kind: 'json', body: { keys: {} } }, 'ERR_RESPONSE_INVALID'],
    ['200 with a list', { kind: 'json', body: [key.jwk] }, 'ERR_RESPONSE_INVALID'],
    ['10 MB', { kind: 'json', body: { keys: [key.jwk], x: 'x'.repeat(1e7) } }, 'ERR_RESPONSE_INVALID'],
    ['an endless body', { kind: 'endless-body' }, 'ERR_RESPONSE_INVALID'],
    ['a gzip bomb', { kind: 'gzip-bomb', megabytes: 16 }, 'ERR_RESPONSE_INVALID'],
    ['a reset', { kind: 'reset' }, 'ERR_NETWORK'],
    ['[case 87] a redirect', { kind: 'redirect', to: 'http://127.0.0.1:1/' }, 'ERR_RESPONSE_INVALID'],
  ])('%s: nothing is verified, and it is asked for once per cooldown', async (_what, fault, code) => {
    always(fault)
    const verify = openVerifier()
    for (let i = 0; i < 3; i++) expect(await failureOf(verify(signToken(key)))).toMatchObject({ code })
    expect(fetched()).toBe(1)
    server.clear()
    clock.advance(30_000)
    await verify(signToken(key))
    expect(fetched()).toBe(2)
  })

  test('the keys once fetched go on for a day, then no longer', async () => {
    const verify = openVerifier({}, { clockTolerance: 86_400 })
    const longLived = (own: typeof key) => signToken(own, { ...goodClaims, exp: goodClaims.exp + 86_400 })
    await verify(longLived(key))
    always(faults.badGatewayEmpty)
    clock.advance(3600_000)
    await verify(longLived(key))
    expect(await failureOf(verify(longLived(nextKey)))).toMatchObject({ code: 'ERR_SERVER' })
    clock.advance(23 * 3600_000)
    expect(await failureOf(verify(longLived(key)))).toMatchObject({ code: 'ERR_SERVER' })
  })

  test('limits can be chosen', async () => {
    const verify = openVerifier({ cooldownSeconds: 1, maxAgeSeconds: 5, maxStaleSeconds: 10 })
    await verify(signToken(key))
    clock.advance(5_000)
    await verify(signToken(key))
    expect(fetched()).toBe(2)
    always({ kind: 'reset' })
    clock.advance(9_000)
    await verify(signToken(key))
    clock.advance(1_000)
    expect(await failureOf(verify(signToken(key)))).toMatchObject({ code: 'ERR_NETWORK' })
    expect(fetched()).toBe(4)
  })
})

describe('[case 87] the address', () => {
  test.each([
    ['http://id.example.com/jwks.json', 'ERR_INSECURE_URL'],
    ['http://localhost/jwks.json', 'ERR_INSECURE_URL'],
    ['file:///etc/passwd', 'ERR_INSECURE_URL'],
    ['data:application/json,{"keys":[]}', 'ERR_INSECURE_URL'],
    ['https://user:password@id.example.com/jwks.json', 'ERR_INSECURE_URL'],
    ['id.example.com', 'ERR_USAGE'],
    ['', 'ERR_USAGE'],
  ])('%s is not asked', async (url, code) => {
    const world = { fetch: openFetch(), clock }
    const direct = verifyJwt(signToken(key), { issuer, audience, jwks: url }, world)
    expect(await failureOf(direct)).toMatchObject({ code })
    expect(await failureOf(openVerifier({ url })(signToken(key)))).toMatchObject({ code })
  })
})
