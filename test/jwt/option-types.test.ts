import { createPrivateKey, createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  createBearerGuard,
  createJwksSource,
  createReplayGuard,
  type VerifyBearerOptions,
  type VerifyJwtOptions,
  verifyJwt,
} from '../../src/jwt/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import {
  audience,
  goodClaims,
  issuedAt,
  issuer,
  jwkSet,
  makeKey,
  signToken,
} from '../support/token-issuer.ts'
import { key, verify, world } from './support/verifier.ts'

const misuse = expect.objectContaining({ code: 'ERR_USAGE' })
const good = signToken(key)
/** Of the year 2001: a tolerance that was concatenated would accept it for ever. */
const old = signToken(key, { ...goodClaims, iat: 1_000_000_000, exp: 1_000_000_060 })
const options: VerifyJwtOptions = { issuer, audience, jwks: jwkSet(key) }

/** Per option, values of another type, not finite or out of range. */
const wrong: [keyof VerifyBearerOptions, unknown[]][] = [
  ['clockTolerance', ['300', '0', [300], new Number(300), Number.NaN, Infinity, -1, 86_401, 300n, null, {}]],
  ['now', ['2026-11-21', 0, new Date(Number.NaN), {}, null, { getTime: () => 0 }]],
  ['issuer', [undefined, null, '', [], [''], [[issuer]], { 0: issuer, length: 1 }, 5, new String(issuer)]],
  ['audience', [undefined, null, '', [], [''], [[audience]], 5, new Set([audience])]],
  ['algorithms', [null, '', [], ['none'], ['HS256'], [['RS256']], 5, new Set(['RS256'])]],
  ['typ', ['', null, ['JWT'], 5, true]],
  ['requiredClaims', [null, 5, [''], [5], new Set(['sub'])]],
  ['authorizedParty', ['', null, 5, ['client']]],
  ['replayGuard', [null, 5, 'x', {}, { seen: true }, () => false]],
  ['jwks', [null, 5, true, [], '', 'no url', { keys: 'x' }, { keysFor: [] }, Symbol('x')]],
]

describe('[case 100] options are read by type', () => {
  test.each(wrong)('%s of verifyJwt and of the guard', async (name, values) => {
    for (const value of values) {
      const given = { ...options, [name]: value } as VerifyBearerOptions
      expect(await failureOf(verifyJwt(old, given, world)), String(typeof value)).toMatchObject({
        code: 'ERR_USAGE',
      })
      expect(() => createBearerGuard(given, world), String(typeof value)).toThrow(misuse)
    }
  })

  test.each<[keyof VerifyBearerOptions, unknown[]]>([
    ['realm', ['', 5, null, ['a'], { toString: () => 'a"b' }]],
    ['scope', ['', [], 5, null, [5], [['read']], {}, new Set(['read'])]],
    ['onError', [null, 'console', {}]],
  ])('%s of the guard, when it is made', (name, values) => {
    for (const value of values)
      expect(() => createBearerGuard({ ...options, [name]: value } as never, world)).toThrow(misuse)
  })

  test('of a source of keys and of a replay guard, when they are opened', () => {
    const source = { url: 'https://id.example.com/jwks', fetch: world.fetch, clock: world.clock }
    for (const name of ['cooldownSeconds', 'maxAgeSeconds', 'maxStaleSeconds'])
      for (const value of ['30', [30], Number.NaN, Infinity, -1, null])
        expect(() => createJwksSource({ ...source, [name]: value })).toThrow(misuse)
    for (const change of [{ url: ['https://id.example.com/jwks'] }, { url: 5 }, { signal: {} }])
      expect(() => createJwksSource({ ...source, ...change } as never)).toThrow(misuse)
    for (const maxEntries of ['5', Number.NaN, Infinity, 0, -1, 1.5, null] as never[])
      expect(() => createReplayGuard({ maxEntries, clock: world.clock })).toThrow(misuse)
    const guard = createReplayGuard({ clock: world.clock })
    for (const [id, at] of [
      ['', issuedAt],
      [5, issuedAt],
      ['a', 'x'],
      ['a', new Date(Number.NaN)],
    ] as never[][])
      expect(() => guard.seen(id as never, at as never)).toThrow(misuse)
  })

  test('nothing at all in place of the options', async () => {
    for (const value of [undefined, null, 'x', []] as never[]) {
      expect(await failureOf(verifyJwt(good, value, world))).toMatchObject({ code: 'ERR_USAGE' })
      expect(() => createBearerGuard(value, world)).toThrow(misuse)
      expect(() => createJwksSource(value)).toThrow(misuse)
    }
  })

  test('each is read once, and what is changed afterwards changes nothing', async () => {
    const reads = new Map<PropertyKey, number>()
    const now = new Date(issuedAt)
    const jwk = { ...key.jwk }
    const list = { keys: [jwk] }
    const issuers = [issuer]
    const given = new Proxy(
      { issuer: issuers, audience, jwks: list, now, clockTolerance: 0, scope: 'read' },
      {
        get(on, name, receiver) {
          reads.set(name, (reads.get(name) ?? 0) + 1)
          return Reflect.get(on, name, receiver)
        },
      },
    )
    const guard = createBearerGuard(given, world)
    expect([...reads].filter(([, count]) => count !== 1)).toEqual([])
    now.setTime(0)
    issuers[0] = 'https://evil.example'
    const intruder = makeKey()
    Object.assign(jwk, { n: intruder.jwk.n })
    list.keys.push(intruder.jwk as typeof jwk)
    const ask = (token: string) => guard.check({ headers: { authorization: `Bearer ${token}` } })
    expect(await ask(signToken(key, { ...goodClaims, scope: 'read' }))).toMatchObject({ kind: 'accepted' })
    for (const token of [
      signToken(intruder),
      signToken({ ...intruder, kid: key.kid }),
      signToken(key, { ...goodClaims, iss: 'https://evil.example' }),
    ])
      expect(await ask(token)).toMatchObject({ kind: 'refused', status: 401 })
  })

  test('a key object that was changed is not taken for what it was before', async () => {
    const jwk = { ...key.jwk }
    await verify(good, { publicKey: jwk })
    const other = makeKey()
    Object.assign(jwk, { n: other.jwk.n })
    await verify(signToken(other), { publicKey: jwk })
    expect(await failureOf(verify(good, { publicKey: jwk }))).toMatchObject({ reason: 'signature' })
  })
})

describe('[case 100] what the caller gives back is foreign too', () => {
  const token = signToken(key, { ...goodClaims, jti: 'a' })

  test.each([undefined, null, 0, 1, '', 'false', {}, [], Promise.resolve(undefined), Promise.resolve('no')])(
    'a replay guard that answers %o lets nothing pass',
    async (answer) => {
      const replayGuard = { seen: () => answer as boolean }
      expect(await failureOf(verify(token, { replayGuard }))).toMatchObject({ code: 'ERR_USAGE' })
      const errors: unknown[] = []
      const onError = (error: unknown) => errors.push(error)
      const guard = createBearerGuard({ ...options, replayGuard, onError }, world)
      const outcome = await guard.check({ headers: { authorization: `Bearer ${token}` } })
      expect(outcome).toMatchObject({ kind: 'refused', status: 503 })
      expect(errors).toEqual([misuse])
    },
  )

  test('a replay guard that is an instance of a class keeps its this', async () => {
    class Used {
      readonly #ids = new Set<string>()
      seen(id: string): boolean {
        return this.#ids.size === this.#ids.add(id).size
      }
    }
    const replayGuard = new Used()
    await verify(token, { replayGuard })
    expect(await failureOf(verify(token, { replayGuard }))).toMatchObject({ reason: 'replayed' })
  })

  const weak = makeKey('RSA', 1024)
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no list', { keys: key.publicKey }],
    ['JWKs', { keys: [key.jwk] }],
    ['a private key', { keys: [createPrivateKey(key.privateKey.export({ type: 'pkcs8', format: 'pem' }))] }],
    ['a secret', { keys: [createSecretKey(Buffer.alloc(32))] }],
    ['a key of another kind', { keys: [makeKey('P-256').publicKey] }],
    ['a reason that is none', { keys: [], refusal: {} }],
  ])('a source of keys that gives %s', async (_what, choice) => {
    const jwks = { keysFor: async () => choice as never }
    expect(await failureOf(verify(good, { jwks }))).toMatchObject({ code: 'ERR_USAGE' })
  })

  test('a source of keys that gives a weak one has none', async () => {
    const jwks = { keysFor: async () => ({ keys: [weak.publicKey] }) }
    expect(await failureOf(verify(signToken(weak), { jwks }))).toMatchObject({
      reason: 'no-key',
      message: expect.stringContaining('1024 bits'),
    })
    await verify(good, { jwks: { keysFor: async () => ({ keys: [weak.publicKey, key.publicKey] }) } })
  })
})

test('[case 100] a header that a framework gives as a list is no token', async () => {
  const guard = createBearerGuard(options, world)
  const headers = { authorization: [`Bearer ${good}`] } as never
  expect(await guard.check({ headers })).toMatchObject({ kind: 'refused', status: 400 })
})
