import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type OidcProvider, type OidcProviderOptions, startOidcProvider } from '../../mocks/oidc.ts'
import { beginDevice, claimsOf, deviceGrantType, headerOf, postForm } from './oidc-client.ts'

let provider: OidcProvider
const start = async (options: OidcProviderOptions = {}) => {
  provider = await startOidcProvider({ intervalSeconds: 0, ...options })
  return provider
}
afterEach(() => provider.close())

describe('the device grant', () => {
  test('discovery names the issuer and every endpoint below it', async () => {
    await start()
    const answer = await fetch(`${provider.issuer}/.well-known/openid-configuration`)
    const document = (await answer.json()) as Record<string, unknown>
    expect(document).toMatchObject({
      issuer: provider.issuer,
      device_authorization_endpoint: `${provider.issuer}/device/auth`,
      authorization_endpoint: `${provider.issuer}/auth`,
      token_endpoint: `${provider.issuer}/token`,
      jwks_uri: `${provider.issuer}/jwks`,
      revocation_endpoint: `${provider.issuer}/token/revocation`,
      end_session_endpoint: `${provider.issuer}/session/end`,
      code_challenge_methods_supported: ['S256'],
    })
  })

  test('pending until a person agrees on the pages; then tokens that the key set verifies', async () => {
    await start({ idTokenSeconds: 300, accessTokenSeconds: 1200 })
    const device = await beginDevice(provider)
    expect(provider.pendingUserCodes()).toEqual([device.userCode])
    expect(await device.poll()).toMatchObject({ status: 400, body: { error: 'authorization_pending' } })
    await provider.approve(device.userCode)
    expect(provider.pendingUserCodes()).toEqual([])
    const { status, body } = await device.poll()
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 1200, scope: 'openid offline_access' })

    const remote = createRemoteJWKSet(new URL(`${provider.issuer}/jwks`))
    const idToken = await jwtVerify(body.id_token, remote, {
      issuer: provider.issuer,
      audience: 'sesame-cli',
    })
    const { iat = 0, exp = 0 } = idToken.payload
    expect(exp - iat).toBe(300)
    expect(idToken.payload).toMatchObject({
      sub: 'dev',
      preferred_username: 'dev',
      email: 'dev@example.test',
    })
    await jwtVerify(body.access_token, createLocalJWKSet(provider.jwks()), {
      issuer: provider.issuer,
      audience: 'https://api.example.test',
      typ: 'at+jwt',
    })
    expect(provider.violations).toEqual([])
  })

  test('a denied code answers access_denied', async () => {
    await start()
    const device = await beginDevice(provider)
    await provider.deny(device.userCode)
    expect(await device.poll()).toMatchObject({ status: 400, body: { error: 'access_denied' } })
  })

  test('an expired code answers expired_token', async () => {
    await start({ deviceCodeSeconds: 1 })
    const device = await beginDevice(provider)
    await vi.waitFor(async () => expect((await device.poll()).body.error).toBe('expired_token'), {
      interval: 200,
      timeout: 5000,
    })
    expect(provider.pendingUserCodes()).toEqual([])
  })

  test('without offline_access there is no refresh token', async () => {
    await start({ approve: 'auto' })
    const device = await beginDevice(provider, { scope: 'openid' })
    const { body } = await device.poll()
    expect(body.id_token).toBeDefined()
    expect(body).not.toHaveProperty('refresh_token')
  })

  test.each([
    ['auto', [200]],
    ['deny', ['access_denied']],
    [{ afterPolls: 2 }, ['authorization_pending', 'authorization_pending', 200]],
  ] as const)('approve: %j', async (approve, expected) => {
    await start({ approve })
    const device = await beginDevice(provider)
    const seen = []
    for (const _ of expected) {
      const { status, body } = await device.poll()
      seen.push(body.error ?? status)
    }
    expect(seen).toEqual(expected)
    expect(provider.violations).toEqual([])
  })

  test('ES256 and an audience of its own', async () => {
    await start({ approve: 'auto', signingAlgorithm: 'ES256', apiAudience: 'urn:acme:api' })
    const { body } = await (await beginDevice(provider)).poll()
    expect(headerOf(body.id_token).alg).toBe('ES256')
    expect(claimsOf(body.access_token).aud).toBe('urn:acme:api')
  })
})

describe('[case 15] PKCE in the device grant', () => {
  test('required: a wrong or missing verifier learns nothing, the right one gets the tokens', async () => {
    await start({ approve: 'auto' })
    const device = await beginDevice(provider)
    expect((await device.poll({ code_verifier: 'x'.repeat(43) })).body.error).toBe('invalid_grant')
    const { code_verifier: _, ...without } = device.form
    expect((await postForm(`${provider.issuer}/token`, without)).body.error).toBe('invalid_grant')
    const other = await beginDevice(provider)
    expect((await other.poll()).status).toBe(200)
  })

  test('required: a device request without a challenge is refused', async () => {
    await start()
    const refused = await postForm(`${provider.issuer}/device/auth`, {
      client_id: 'sesame-cli',
      scope: 'openid',
    })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(provider.violations).toMatchObject([{ kind: 'invalid-request', path: '/device/auth' }])
  })

  test('ignored: any verifier will do', async () => {
    await start({ approve: 'auto', devicePkce: 'ignored' })
    const device = await beginDevice(provider)
    expect((await device.poll({ code_verifier: 'y'.repeat(43) })).status).toBe(200)
  })

  test('rejected: the extra parameters are refused at both endpoints, and that is no fault of the client', async () => {
    await start({ approve: 'auto', devicePkce: 'rejected' })
    expect((await beginDevice(provider)).started).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: 'unknown parameter code_challenge' },
    })
    const begin = async () => {
      const asks = { client_id: 'sesame-cli', scope: 'openid' }
      const { device_code } = (await postForm(`${provider.issuer}/device/auth`, asks)).body
      return { grant_type: deviceGrantType, client_id: 'sesame-cli', device_code }
    }
    const extra = { ...(await begin()), code_verifier: 'z'.repeat(43) }
    expect((await postForm(`${provider.issuer}/token`, extra)).body.error).toBe('invalid_request')
    const form = await begin()
    expect((await postForm(`${provider.issuer}/token`, form)).status).toBe(200)
    expect(provider.violations).toEqual([])
  })
})

describe('the interval', () => {
  test('is not sent unless set, and is 5 s then; a poll before is a violation and answered slow_down', async () => {
    provider = await startOidcProvider({ approve: 'auto' })
    const device = await beginDevice(provider)
    expect(device.started.body).not.toHaveProperty('interval')
    expect((await device.poll()).body.error).toBe('slow_down')
    expect(provider.violations).toMatchObject([{ kind: 'poll-too-soon', requiredMs: 5000 }])
  })

  test('a shorter one is sent and enforced; each slow_down makes the wait longer', async () => {
    await start({ approve: 'auto', intervalSeconds: 0.1, slowDownSeconds: 0.1 })
    const device = await beginDevice(provider)
    expect(device.started.body.interval).toBe(0.1)
    expect((await device.poll()).body.error).toBe('slow_down')
    await vi.waitFor(async () => expect((await device.poll()).status).toBe(200), {
      interval: 2000,
      timeout: 10_000,
    })
    const [first] = provider.violations
    expect(first).toMatchObject({ kind: 'poll-too-soon', requiredMs: 100 })
  })

  test('slowDown() answers polls that are in time', async () => {
    await start({ approve: 'auto' })
    const device = await beginDevice(provider)
    provider.slowDown()
    expect((await device.poll()).body.error).toBe('slow_down')
    expect(provider.violations).toEqual([])
  })

  test('enforceInterval false only takes notes', async () => {
    await start({ approve: 'auto', intervalSeconds: 3, enforceInterval: false })
    const device = await beginDevice(provider)
    expect((await device.poll()).status).toBe(200)
    expect(provider.violations).toMatchObject([{ kind: 'poll-too-soon', requiredMs: 3000 }])
  })
})
