import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import {
  allBends,
  type QuirkyOptions,
  type QuirkyProvider,
  startQuirkyProvider,
} from '../../mocks/oidc/quirky.ts'
import {
  authorizationRequest,
  claimsOf,
  deviceGrantType,
  headerOf,
  makePkce,
  postForm,
  waitOnLoopback,
} from './oidc-client.ts'

let provider: QuirkyProvider
const start = async (options: QuirkyOptions = {}) => {
  provider = await startQuirkyProvider({ intervalSeconds: 0, ...options })
  return provider
}
afterEach(() => provider.close())

async function discover(): Promise<Record<string, string>> {
  const address = `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  return (await fetch(address)).json() as Promise<Record<string, string>>
}

/** A device sign-in at the endpoints that discovery names. */
async function beginDevice(more: Record<string, string> = {}) {
  const { verifier, challenge } = makePkce()
  const endpoints = await discover()
  const started = await postForm(endpoints.device_authorization_endpoint ?? '', {
    client_id: 'sesame-cli',
    scope: 'openid offline_access',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  })
  const token = endpoints.token_endpoint ?? ''
  const { device_code = '' } = started.body
  const form = { grant_type: deviceGrantType, client_id: 'sesame-cli', device_code, code_verifier: verifier }
  return {
    started,
    poll: (changes: Record<string, string> = {}) => postForm(token, { ...form, ...changes }),
    refresh: (refresh_token: string) =>
      postForm(token, { grant_type: 'refresh_token', client_id: 'sesame-cli', refresh_token }),
  }
}

describe('presets', () => {
  test.each([
    ['plain', '', 400],
    ['keycloak', '/realms/acme', 400],
    ['entra', '/a1b2c3d4-0000-4000-8000-5e5a3e000001/v2.0', 400],
    ['okta', '/oauth2/default', 400],
    ['auth0', '/', 403],
    ['identityserver', '', 400],
    ['eiam', '/v2/idaas_ue2jvisn35ea5lmthk267xaaaa/app_mkv7rgt4d7i4u7zqtzev2mxxxx/oidc', 400],
  ] as const)('%s: its issuer, its pending, tokens that verify', async (preset, path, pendingStatus) => {
    await start({ preset, approve: { afterPolls: 1 } })
    expect(provider.issuer).toBe(`${provider.url}${path}`)
    expect((await discover()).issuer).toBe(provider.issuer)
    const { poll } = await beginDevice()
    expect(await poll()).toMatchObject({ status: pendingStatus, body: { error: 'authorization_pending' } })
    const { status, body } = await poll()
    expect(status).toBe(200)
    await jwtVerify(body.id_token, createLocalJWKSet(provider.jwks()), {
      issuer: provider.issuer,
      audience: 'sesame-cli',
    })
    expect(provider.violations).toEqual([])
  })

  test('entra: a message, no complete address, its own word for a denial', async () => {
    await start({ preset: 'entra', approve: 'deny' })
    const { started, poll } = await beginDevice()
    expect(started.body.message).toContain(started.body.user_code)
    expect(started.body).not.toHaveProperty('verification_uri_complete')
    expect(await poll()).toMatchObject({
      status: 400,
      body: { error: 'authorization_declined', error_codes: [70000], correlation_id: expect.any(String) },
    })
  })

  test('entra-common: the issuer is a template', async () => {
    await start({ preset: 'entra-common' })
    expect((await discover()).issuer).toBe(`${provider.url}/{tenantid}/v2.0`)
  })

  test('google: verification_url, statuses of its own, a secret, known scopes only', async () => {
    await start({ preset: 'google', clientSecret: 'GOCSPX-abc', approve: { afterPolls: 1 } })
    expect((await beginDevice()).started.body.error).toBe('invalid_scope')
    const { started, poll } = await beginDevice({ scope: 'openid email' })
    expect(started.body.verification_url).toBe(`${provider.url}/device`)
    expect(started.body).not.toHaveProperty('verification_uri')
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const again = await beginDevice({ scope: 'openid email' })
    const secret = { client_secret: 'GOCSPX-abc' }
    expect((await again.poll(secret)).status).toBe(428)
    const { body } = await again.poll(secret)
    expect(body.refresh_token).toBeDefined()
    expect(body.access_token).not.toContain('.')
  })

  test('identityserver: a numeric code, ID tokens of 300 s, refresh tokens that are good once', async () => {
    await start({ preset: 'identityserver' })
    const { started, poll, refresh } = await beginDevice()
    expect(started.body.user_code).toMatch(/^\d{9}$/)
    const { body } = await poll()
    const { exp, iat } = claimsOf(body.id_token) as { exp: number; iat: number }
    expect(exp - iat).toBe(300)
    const next = await refresh(body.refresh_token)
    expect(next.status).toBe(200)
    expect(await refresh(body.refresh_token)).toEqual({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(next.body.refresh_token)).status).toBe(200)
    expect(provider.log.at(-1)).toMatchObject({ kind: 'refresh-rotated' })
  })

  test('okta: the refresh token stays; no new one comes', async () => {
    await start({ preset: 'okta' })
    const { poll, refresh } = await beginDevice()
    const { body } = await poll()
    const next = await refresh(body.refresh_token)
    expect(next.body).not.toHaveProperty('refresh_token')
    expect((await refresh(body.refresh_token)).status).toBe(200)
  })

  test('auth0: opaque access tokens unless an audience is asked for', async () => {
    await start({ preset: 'auth0' })
    expect((await (await beginDevice()).poll()).body.access_token).not.toContain('.')
    const { body } = await (await beginDevice({ audience: 'https://api.acme.test' })).poll()
    expect(claimsOf(body.access_token).aud).toBe('https://api.acme.test')
  })

  test('eiam: expires_at and request_id', async () => {
    await start({ preset: 'eiam', approve: 'manual' })
    const { started, poll } = await beginDevice()
    expect(started.body.expires_in).toBe(1200)
    expect(started.body.expires_at).toBeGreaterThan(Date.now() / 1000)
    expect((await poll()).body.request_id).toMatch(/^[0-9A-F-]{36}$/)
  })

  test('keycloak: checks the verifier', async () => {
    await start({ preset: 'keycloak' })
    const { poll } = await beginDevice()
    expect((await poll({ code_verifier: 'x'.repeat(43) })).body.error).toBe('invalid_grant')
    expect((await poll()).status).toBe(200)
  })
})

describe('decisions and waits', () => {
  test('approve() and deny() by code', async () => {
    await start({ approve: 'manual' })
    const [first, second] = [await beginDevice(), await beginDevice()]
    expect(provider.pendingUserCodes()).toEqual([first.started.body.user_code, second.started.body.user_code])
    provider.approve(first.started.body.user_code)
    provider.deny(second.started.body.user_code)
    expect((await first.poll()).status).toBe(200)
    expect((await second.poll()).body.error).toBe('access_denied')
    expect(() => provider.approve('AAAA')).toThrow('no pending user code')
  })

  test('an expired code, and a poll that came too soon', async () => {
    await start({ intervalSeconds: 60, dialect: { deviceCodeSeconds: 0 } })
    expect((await (await beginDevice()).poll()).body.error).toBe('slow_down')
    expect(provider.violations).toMatchObject([{ kind: 'poll-too-soon', requiredMs: 60_000 }])
    await provider.close()
    await start({ dialect: { deviceCodeSeconds: 0 } })
    expect((await (await beginDevice()).poll()).body.error).toBe('expired_token')
  })

  test('the code grant is answered at once; its bends', async () => {
    await start()
    const visit = async () => {
      const program = await waitOnLoopback()
      const endpoint = (await discover()).authorization_endpoint ?? ''
      const request = authorizationRequest(endpoint, program.redirectUri)
      await provider.visit(request.url)
      program.close()
      return { request, query: await program.query, redirectUri: program.redirectUri }
    }
    const { request, query, redirectUri } = await visit()
    const form = {
      grant_type: 'authorization_code',
      client_id: 'sesame-cli',
      code: query.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: request.verifier,
    }
    const { body } = await postForm(`${provider.url}/token`, form)
    expect(claimsOf(body.id_token).nonce).toBe(request.nonce)
    expect(provider.violations).toEqual([])
    provider.bends = ['redirect:other-state', 'redirect:other-issuer']
    const bent = await visit()
    expect(bent.query.get('state')).not.toBe(bent.request.state)
    expect(bent.query.get('iss')).not.toBe(provider.issuer)
    provider.bends = ['redirect:no-state', 'redirect:no-code']
    expect([...(await visit()).query.keys()]).toEqual(['iss'])
  })

  test('faults by call', async () => {
    await start({ preset: 'okta' })
    provider.fault('discovery', { kind: 'status', status: 503 })
    await expect(discover()).rejects.toThrow(SyntaxError)
    const { poll } = await beginDevice()
    provider.fault('token', { kind: 'status', status: 500 })
    expect((await poll()).status).toBe(500)
    expect((await poll()).status).toBe(200)
    expect(provider.calls()).toEqual(['discovery', 'discovery', 'device', 'token', 'token'])
  })
})

describe('bends', () => {
  const random = /"[\w-]{43}"|"[\w-]+\.[\w-]+\.[\w-]+"|[B-Z]{4}-[B-Z]{4}/g

  /** The answer that the bends named so apply to, without what is random in any. */
  const answerOf = async (part: string): Promise<string> => {
    const bends = provider.bends
    if (part === 'discovery') return JSON.stringify(await discover())
    if (part !== 'device') provider.bends = []
    const { started, poll, refresh } = await beginDevice()
    if (part === 'device') return JSON.stringify(started.body).replace(random, '…')
    if (part === 'refresh') {
      const { refresh_token: token } = (await poll()).body
      provider.bends = bends
      return JSON.stringify((await refresh(token)).body).replace(random, '…')
    }
    provider.bends = bends
    return JSON.stringify((await poll()).body).replace(random, '…')
  }

  test.each(['discovery', 'device', 'token', 'refresh'])('each %s bend changes that answer', async (part) => {
    await start({ wireIntervalSeconds: 5 })
    const honest = await answerOf(part)
    expect(await answerOf(part)).toBe(honest)
    const names = allBends.filter((name) => name.startsWith(`${part}:`))
    expect(names).not.toEqual([])
    for (const name of names) {
      provider.bends = [name]
      expect(await answerOf(part), name).not.toBe(honest)
    }
    provider.bends = []
    expect(await answerOf(part)).toBe(honest)
  })

  test.each([
    ['pending:status-200', 200, { error: 'authorization_pending' }],
    ['pending:no-error', 400, { pending: true }],
  ] as const)('%s', async (name, status, body) => {
    await start({ approve: 'manual', bends: [name] })
    const { poll } = await beginDevice()
    expect(await poll()).toMatchObject({ status, body })
    expect(await poll()).toMatchObject({ status, body })
    expect(provider.violations).toEqual([])
  })

  const right = ['id-token:no-kid', 'id-token:several-audiences']
  const beyondJose = [
    'id-token:several-audiences-no-azp',
    'id-token:other-azp',
    'id-token:other-nonce',
    'id-token:no-nonce',
    'id-token:other-subject',
  ]
  const ofIdTokens = allBends.filter((name) => name.startsWith('id-token:'))

  test.each(ofIdTokens)('[case 26] %s', async (name) => {
    await start({ bends: [name] })
    const { body } = await (await beginDevice()).poll()
    const verified = jwtVerify(body.id_token, createLocalJWKSet(provider.jwks()), {
      issuer: provider.issuer,
      audience: 'sesame-cli',
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'sub'],
    })
    if (right.includes(name) || beyondJose.includes(name)) await expect(verified).resolves.toBeDefined()
    else await expect(verified).rejects.toThrow()
  })

  test('[case 26] HS256 with the public key, and no algorithm, say so in the header', async () => {
    await start({ bends: ['id-token:hs256-with-public-key'] })
    expect(headerOf((await (await beginDevice()).poll()).body.id_token).alg).toBe('HS256')
    provider.bends = ['id-token:alg-none']
    expect(headerOf((await (await beginDevice()).poll()).body.id_token).alg).toBe('none')
  })
})
