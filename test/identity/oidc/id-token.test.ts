import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OidcProvider, refreshTokens } from '../../../src/identity/index.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { discover, makeContext, signInByDevice } from './at-provider.ts'
import { type ForgingProvider, startForgingProvider } from './forging-provider.ts'

let op: ForgingProvider
let provider: OidcProvider
beforeAll(async () => {
  op = await startForgingProvider()
  provider = await discover(op.issuer)
})
afterAll(() => op.close())
beforeEach(() => {
  op.clear()
  op.answerWith({})
})

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)

function hmacSigned(claims: object): string {
  const pem = createPublicKey({ key: op.publicJwk as JsonWebKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  const input = `${encode({ alg: 'HS256', kid: 'announced' })}.${encode(claims)}`
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
}

const bad: [string, () => string | Promise<string>][] = [
  ['signed with another key', () => op.signWithOtherKey(op.claims())],
  [
    'with other claims than were signed',
    async () => {
      const [header, , signature] = (await op.sign(op.claims())).split('.')
      return `${header}.${encode(op.claims({ sub: 'admin' }))}.${signature}`
    },
  ],
  ['without signature (alg none)', () => `${encode({ alg: 'none' })}.${encode(op.claims())}.`],
  ['with the public key as HMAC secret', () => hmacSigned(op.claims())],
  ['of a key that is not announced', () => op.sign(op.claims(), { kid: 'unknown' })],
  ['for another client', () => op.sign(op.claims({ aud: 'other-client' }))],
  ['without an audience', () => op.sign(op.claims({ aud: undefined }))],
  ['of another issuer', () => op.sign(op.claims({ iss: 'https://other.example.com' }))],
  ['of the issuer with a slash more', () => op.sign(op.claims({ iss: `${op.issuer}/` }))],
  ['issued to another client (azp)', () => op.sign(op.claims({ azp: 'other-client' }))],
  ['for several, without azp', () => op.sign(op.claims({ aud: [op.clientId, 'other'] }))],
  ['that expired', () => op.sign(op.claims({ iat: now() - 3600, exp: now() - 301 }))],
  ['without expiry', () => op.sign(op.claims({ exp: undefined }))],
  ['without subject', () => op.sign(op.claims({ sub: undefined }))],
  ['without iat', () => op.sign(op.claims({ iat: undefined }))],
  ['from the future', () => op.sign(op.claims({ iat: now() + 400, exp: now() + 700 }))],
  ['that is an access token', () => op.sign(op.claims(), { typ: 'at+jwt' })],
]

describe.each([
  ['sign-in', () => signInByDevice(op.issuer)],
  ['renewal', () => refreshTokens(provider, new Secret('refresh-token-of-the-test'))],
])('at a %s', (_, ask) => {
  test.each(bad)('[case 26] an ID token %s is refused', async (_, make) => {
    const token = await make()
    op.answerWith({ id_token: token })
    const error = await ask().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'ERR_TOKEN_INVALID',
      requestId: 'forged-1',
      message: expect.stringMatching(/^The ID token from http:\/\/127\.0\.0\.1:\d+ is refused: [^\r\n]+\.$/),
    })
    expect((error as Error).message).not.toContain(token.slice(0, 20))
  })

  test('[case 26] good ones are taken: several audiences with azp, a clock that is a little wrong', async () => {
    const good = [
      op.claims({ aud: [op.clientId, 'other'], azp: op.clientId }),
      op.claims({ iat: now() - 500, exp: now() - 200 }),
      op.claims({ iat: now() + 200 }),
    ]
    for (const claims of good) {
      op.answerWith({ id_token: await op.sign(claims) })
      await expect(ask()).resolves.toBeDefined()
    }
  })
})

test('[case 26] keys that cannot be fetched at first are asked for again; the code that was redeemed is not', async () => {
  op.answerWith({ id_token: await op.sign(op.claims()) })
  op.fault('GET /jwks', { kind: 'status', status: 503, body: '' }, { times: 2 })
  op.requests.length = 0
  await expect(signInByDevice(op.issuer)).resolves.toBeDefined()
  op.fault('GET /jwks', { kind: 'status', status: 503, body: '' }, { times: Number.POSITIVE_INFINITY })
  await expect(signInByDevice(op.issuer)).rejects.toMatchObject({ code: 'ERR_SERVER' })
  expect(op.requests.filter(({ path }) => path === '/token')).toHaveLength(2)
})

describe('[case 29] times are those of the provider', () => {
  const dayMs = 86_400_000
  afterEach(() => op.setClock(0))

  test.each([-86_400, 86_400])('whose clock is %d s ahead of ours', async (aheadSeconds) => {
    op.setClock(aheadSeconds)
    const ahead = await discover(op.issuer)
    const renew = () => refreshTokens(ahead, new Secret('refresh-token-of-the-test'))
    op.answerWith({ id_token: await op.sign(op.claims()) })
    await expect(renew()).resolves.toMatchObject({ idToken: { userName: 'user-1' } })
    const here = now()
    op.answerWith({ id_token: await op.sign(op.claims({ iat: here, exp: here + 300 })) })
    await expect(renew()).rejects.toMatchObject({
      code: 'ERR_TOKEN_INVALID',
      message: expect.stringMatching(aheadSeconds > 0 ? /expired at/ : /claims to be issued at/),
    })
  })

  test('nbf too, which openid-client compares', async () => {
    const ahead = await discover(op.issuer)
    const renew = () => refreshTokens(ahead, new Secret('refresh-token-of-the-test'))
    op.answerWith({ id_token: await op.sign(op.claims({ nbf: now() + 299 })) })
    await expect(renew()).resolves.toHaveProperty('idToken')
    op.answerWith({ id_token: await op.sign(op.claims({ nbf: now() + 330 })) })
    await expect(renew()).rejects.toMatchObject({ message: expect.stringMatching(/not valid before/) })
  })

  test('although our clock was set after discovery', async () => {
    const clock = fakeClock(new Date())
    const provider = await discover(op.issuer, {}, makeContext(clock))
    clock.setWallClock(new Date(Date.now() - dayMs))
    op.answerWith({ id_token: await op.sign(op.claims()) })
    await expect(refreshTokens(provider, new Secret('refresh-token-of-the-test'))).resolves.toHaveProperty(
      'idToken',
    )
  })
})

test('[case 26] what openid-client says of an answer with tokens is not passed on: it holds them', async () => {
  op.answerWith({
    id_token: await op.signWithOtherKey(op.claims()),
    access_token: 'access-token-to-look-for',
  })
  const error = await signInByDevice(op.issuer).catch((reason: unknown) => reason)
  const { inspect } = await import('node:util')
  expect(inspect(error, { depth: 10 })).not.toContain('access-token-to-look-for')
})

describe('[case 174] an ID token of an algorithm that is not announced', () => {
  const tokens = () => `${encode({ alg: 'ES256', kid: 'announced' })}.${encode(op.claims())}.AAAA`

  test.each([
    [undefined, /announces none, which means RS256/],
    [['RS256', 'PS256'], /announces RS256, PS256/],
    [['HS256'], /announces HS256/],
  ])('where %o is announced, the hint says so', async (announced, hint) => {
    op.transform('GET /.well-known/openid-configuration', (document) => ({
      ...document,
      ...(announced && { id_token_signing_alg_values_supported: announced }),
    }))
    op.answerWith({ id_token: tokens() })
    const failed = signInByDevice(op.issuer)
    await expect(failed).rejects.toMatchObject({
      message: expect.stringContaining('signed with ES256; accepted: '),
      hint: expect.stringMatching(hint),
    })
    await expect(failed).rejects.not.toMatchObject({ hint: expect.stringContaining('client id') })
  })
})
