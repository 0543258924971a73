import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OidcProvider, refreshTokens, revokeTokens } from '../../../src/identity/index.ts'
import { isSesameError } from '../../../src/kit/errors.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { discover, signInByDevice } from './at-provider.ts'
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

const signIn = () => signInByDevice(op.issuer)
const renew = () => refreshTokens(provider, new Secret('refresh-token-of-the-test'))
/** JSON of every kind, in the place of what is expected. */
const anything = [null, true, 0, -1, 1e300, '', 'x', [], [null], {}, { a: { b: [] } }]

describe.each([
  ['sign-in', signIn],
  ['renewal', renew],
])('at a %s', (_, ask) => {
  test.each([undefined, null, '', 7, true, [], ['user-1'], { id: 'user-1' }])(
    '[case 123] an ID token with sub %j names no user and is refused',
    async (sub) => {
      op.answerWith({ id_token: await op.sign(op.claims({ sub })) })
      const error = await ask().catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'ERR_TOKEN_INVALID',
        requestId: 'forged-1',
        message: expect.stringMatching(/^The ID token from \S+ is refused: [^\r\n]*sub[^\r\n]*\.$/),
      })
    },
  )

  test.each(['iss', 'aud', 'exp', 'iat', 'nbf', 'azp', 'jti', 'nonce', 'preferred_username', 'email'])(
    '[case 123] whatever %s is, the token is taken or refused in words',
    async (name) => {
      for (const value of anything) {
        op.answerWith({ id_token: await op.sign(op.claims({ [name]: value })) })
        const outcome = await ask().catch((reason: unknown) => reason)
        if (outcome instanceof Error)
          expect(outcome, JSON.stringify(value)).toMatchObject({ code: 'ERR_TOKEN_INVALID' })
      }
    },
  )

  test.each(['access_token', 'token_type', 'expires_in', 'refresh_token', 'id_token', 'scope', 'error'])(
    '[case 123] whatever %s the token answer has, it is taken or refused in words',
    async (name) => {
      for (const value of anything) {
        op.answerWith({ [name]: value })
        const outcome = await ask().catch((reason: unknown) => reason)
        if (outcome instanceof Error)
          expect(isSesameError(outcome), `${JSON.stringify(value)}: ${outcome}`).toBe(true)
      }
    },
  )

  test('[case 123] a token answer that is no object', async () => {
    for (const body of anything) {
      op.fault('POST /token', { kind: 'json', body })
      expect(isSesameError(await ask().catch((reason: unknown) => reason)), JSON.stringify(body)).toBe(true)
    }
  })
})

test('[case 123] a device answer that is no object, or has members of another kind', async () => {
  for (const body of anything) {
    op.fault('POST /device', { kind: 'json', body })
    expect(await signIn().catch((reason: unknown) => reason), JSON.stringify(body)).toMatchObject({
      code: 'ERR_RESPONSE_INVALID',
    })
  }
  for (const name of [
    'device_code',
    'user_code',
    'verification_uri',
    'verification_uri_complete',
    'expires_in',
    'interval',
  ])
    for (const value of anything) {
      op.answerDeviceWith({ [name]: value })
      const outcome = await signIn().catch((reason: unknown) => reason)
      if (outcome instanceof Error)
        expect(isSesameError(outcome), `${name} ${JSON.stringify(value)}: ${outcome}`).toBe(true)
    }
  op.answerDeviceWith({})
})

test('[case 123] a discovery document with members of another kind', async () => {
  const route = 'GET /.well-known/openid-configuration'
  const names = [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'device_authorization_endpoint',
    'end_session_endpoint',
    'id_token_signing_alg_values_supported',
    'token_endpoint_auth_methods_supported',
    'authorization_response_iss_parameter_supported',
  ]
  op.answerWith({ id_token: await op.sign(op.claims()) })
  for (const name of names)
    for (const value of anything) {
      op.transform(route, (body) => ({ ...(body as object), [name]: value }))
      const outcome = await signIn().catch((reason: unknown) => reason)
      if (outcome instanceof Error)
        expect(isSesameError(outcome), `${name} ${JSON.stringify(value)}: ${outcome}`).toBe(true)
    }
  for (const body of anything) {
    op.fault(route, { kind: 'json', body })
    expect(isSesameError(await signIn().catch((reason: unknown) => reason)), JSON.stringify(body)).toBe(true)
  }
})

test('[case 123] a JWK Set and a revocation answer of any kind', async () => {
  op.answerWith({ id_token: await op.sign(op.claims()) })
  for (const body of [...anything, { keys: null }, { keys: [null, 5, [], {}] }, { keys: { length: 1 } }]) {
    op.fault('GET /jwks', { kind: 'json', body }, { times: Number.POSITIVE_INFINITY })
    const renewed = await signIn().catch((reason: unknown) => reason)
    expect(
      isSesameError(renewed, 'ERR_TOKEN_INVALID', 'ERR_SERVER'),
      `${JSON.stringify(body)}: ${renewed}`,
    ).toBe(true)
    op.clear()
    op.fault('POST /revoke', { kind: 'json', body })
    const outcome = await revokeTokens(provider, { accessToken: new Secret('a'.repeat(20)) }).catch(
      (reason: unknown) => reason,
    )
    if (outcome instanceof Error) expect(isSesameError(outcome), JSON.stringify(body)).toBe(true)
  }
})
