import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OidcProvider, refreshTokens, revokeTokens, type TokenSet } from '../../../src/identity/index.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { startTestOidc, type TestOidc } from '../../support/oidc.ts'
import { discover, signInByDevice } from './at-provider.ts'

let op: TestOidc
let provider: OidcProvider
let tokens: TokenSet
let refreshToken: Secret
beforeAll(async () => {
  op = await startTestOidc({ enforceInterval: false })
})
beforeEach(async () => {
  op.clearFaults()
  provider = await discover(op.issuer)
  tokens = (await signInByDevice(op.issuer)).tokens
  refreshToken = tokens.refreshToken ?? new Secret('none-was-given')
  op.requests.length = 0
  op.log.length = 0
})
afterAll(() => op.stop())

describe('renewal', () => {
  test('[case 21] [case 24] gives new tokens and the rotated refresh token, each by a request of its own to this provider alone', async () => {
    const other = await startTestOidc()
    const renewed = await refreshTokens(provider, refreshToken)
    expect(renewed.refreshToken?.reveal()).not.toBe(refreshToken.reveal())
    expect(renewed.accessToken.reveal()).not.toBe(tokens.accessToken.reveal())
    expect(renewed.idToken?.userName).toBe('dev')
    expect(op.log.filter(({ kind }) => kind === 'refresh-rotated')).toHaveLength(1)
    expect(other.requests).toEqual([])
    expect(op.violations.filter(({ kind }) => kind !== 'poll-too-soon')).toEqual([])
    await other.stop()
  })

  test('[case 21] without a new refresh token in the answer there is none in the result', async () => {
    op.transform('POST /token', ({ refresh_token: _, id_token: __, ...rest }) => rest)
    const renewed = await refreshTokens(provider, refreshToken)
    expect(renewed).not.toHaveProperty('refreshToken')
    expect(renewed).not.toHaveProperty('idToken')
  })

  test('[case 22] a refresh token that was used or revoked is distinguished from every other failure', async () => {
    op.revokeGrants()
    await expect(refreshTokens(provider, refreshToken)).rejects.toMatchObject({
      code: 'ERR_UNAUTHORIZED',
      serverCode: 'invalid_grant',
    })
    op.fault('POST /token', { kind: 'json', status: 401, body: { error: 'invalid_client' } })
    await expect(refreshTokens(provider, refreshToken)).rejects.toMatchObject({ code: 'ERR_REFUSED' })
  })

  test.each([
    ['ERR_SERVER', { kind: 'status', status: 500, body: '<h1>oops</h1>' }],
    ['ERR_SERVER', { kind: 'status', status: 429, body: '' }],
    ['ERR_SERVER', { kind: 'json', status: 400, body: { error: 'temporarily_unavailable' } }],
    ['ERR_NETWORK', { kind: 'reset' }],
    ['ERR_NETWORK', { kind: 'lost-answer' }],
    ['ERR_TIMEOUT', { kind: 'hang' }],
  ] as const)(
    '[case 23] %s for %j, after one request: a second could look like theft',
    async (code, fault) => {
      op.fault('POST /token', fault)
      await expect(refreshTokens(provider, refreshToken, { timeoutMs: 500 })).rejects.toMatchObject({ code })
      expect(op.calls()).toEqual(['POST /token'])
    },
  )

  test('an ID token for another user is refused, one for the same user accepted', async () => {
    const subject = String(decodeJwt(tokens.idToken?.token.reveal() ?? '').sub)
    const renewed = await refreshTokens(provider, refreshToken, { previousSubject: subject })
    const next = renewed.refreshToken ?? refreshToken
    await expect(refreshTokens(provider, next, { previousSubject: 'another-user' })).rejects.toMatchObject({
      code: 'ERR_TOKEN_INVALID',
      message: expect.stringContaining('another user'),
    })
  })

  test('an abort gives its reason', async () => {
    op.fault('POST /token', { kind: 'hang' })
    const signal = AbortSignal.timeout(50)
    const failing = refreshTokens(provider, refreshToken, { signal })
    await expect(failing).rejects.toMatchObject({ name: 'TimeoutError' })
    await expect(failing).rejects.toBe(signal.reason)
  })
})

describe('revocation', () => {
  test('[case 41] takes the refresh token back, then the access token as far as the provider can', async () => {
    await expect(revokeTokens(provider, { refreshToken, accessToken: tokens.accessToken })).resolves.toBe(
      'revoked',
    )
    expect(op.requests.map(({ body }) => (body as { token_type_hint: string }).token_type_hint)).toEqual([
      'refresh_token',
      'access_token',
    ])
    expect(op.log.filter(({ kind }) => kind === 'revoked').length).toBeGreaterThan(0)
    await expect(refreshTokens(provider, refreshToken)).rejects.toMatchObject({ serverCode: 'invalid_grant' })
    await expect(revokeTokens(provider, { refreshToken })).resolves.toBe('revoked')
    expect(op.violations.filter(({ kind }) => kind !== 'poll-too-soon')).toEqual([])
  })

  test('is not supported where there is no endpoint, or none of the tokens can be taken back', async () => {
    op.transform('GET /.well-known/openid-configuration', ({ revocation_endpoint: _, ...rest }) => rest)
    const without = await discover(op.issuer)
    await expect(revokeTokens(without, { refreshToken })).resolves.toBe('not-supported')
    const unsupported = { kind: 'json', status: 400, body: { error: 'unsupported_token_type' } } as const
    op.fault('POST /token/revocation', unsupported)
    await expect(revokeTokens(provider, { accessToken: tokens.accessToken })).resolves.toBe('not-supported')
  })

  test('succeeds with any status of success', async () => {
    op.fault('POST /token/revocation', { kind: 'status', status: 204, body: '' })
    await expect(revokeTokens(provider, { refreshToken })).resolves.toBe('revoked')
  })

  test('[case 41] a failure is reported', async () => {
    op.fault('POST /token/revocation', { kind: 'status', status: 503, body: '' })
    await expect(revokeTokens(provider, { refreshToken })).rejects.toMatchObject({ code: 'ERR_SERVER' })
    op.fault('POST /token/revocation', { kind: 'reset' })
    await expect(revokeTokens(provider, { refreshToken })).rejects.toMatchObject({ code: 'ERR_NETWORK' })
  })
})
