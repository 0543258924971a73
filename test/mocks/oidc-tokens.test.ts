import { jwtVerify } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { makeServerTls } from '../../mocks/index.ts'
import { type OidcProvider, type OidcProviderOptions, startOidcProvider } from '../../mocks/oidc.ts'
import {
  authorizationRequest,
  beginDevice,
  claimsOf,
  headerOf,
  postForm,
  refresh,
  waitOnLoopback,
} from './oidc-client.ts'

let provider: OidcProvider
const start = async (options: OidcProviderOptions = {}) => {
  provider = await startOidcProvider({ intervalSeconds: 0, approve: 'auto', ...options })
  return provider
}
afterEach(() => provider.close())

const signIn = async () => (await (await beginDevice(provider)).poll()).body

/** A person follows the request; gives what the program needs to go on. */
async function authorize(decision = {}, more: Record<string, string> = {}) {
  const program = await waitOnLoopback()
  const request = authorizationRequest(`${provider.issuer}/auth`, program.redirectUri, more)
  const page = await provider.visit(request.url, decision)
  program.close()
  const query = await program.query
  const redeem = (changes: Record<string, string> = {}, headers = {}) =>
    postForm(
      `${provider.issuer}/token`,
      {
        grant_type: 'authorization_code',
        client_id: 'sesame-cli',
        code: query.get('code') ?? '',
        redirect_uri: program.redirectUri,
        code_verifier: request.verifier,
        ...changes,
      },
      headers,
    )
  return { page, query, request, redeem }
}

describe('the code grant', () => {
  test('visit() ends on the page of the program; the code is good for tokens with the nonce', async () => {
    await start()
    const { page, query, request, redeem } = await authorize()
    expect(page).toMatchObject({ status: 200, html: '<h1>You can close this window</h1>' })
    expect(query.get('state')).toBe(request.state)
    expect(query.get('iss')).toBe(provider.issuer)
    const { status, body } = await redeem()
    expect(status).toBe(200)
    expect(claimsOf(body.id_token).nonce).toBe(request.nonce)
    expect(body.refresh_token).toBeDefined()
    expect(provider.violations).toEqual([])
    expect(provider.issued.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['authorization-code', 'code-verifier', 'access-token', 'refresh-token']),
    )
  })

  test('who declines sends the program access_denied', async () => {
    await start()
    const { query, request } = await authorize({ approve: false })
    expect(query.get('error')).toBe('access_denied')
    expect(query.get('state')).toBe(request.state)
    expect(query.has('code')).toBe(false)
  })

  test('a wrong verifier is refused, and a code is good once', async () => {
    await start()
    const wrong = await authorize()
    expect((await wrong.redeem({ code_verifier: 'x'.repeat(43) })).body.error).toBe('invalid_grant')
    const right = await authorize()
    expect((await right.redeem()).status).toBe(200)
    expect((await right.redeem()).body.error).toBe('invalid_grant')
    expect(provider.violations).toMatchObject([
      { kind: 'request-after-final-answer', what: 'authorization code' },
    ])
  })

  test('offline_access needs prompt=consent where the provider says so', async () => {
    await start({ offlineWithoutPrompt: false })
    expect((await (await authorize()).redeem()).body).not.toHaveProperty('refresh_token')
    const asked = await authorize({}, { prompt: 'consent' })
    expect((await asked.redeem()).body.refresh_token).toBeDefined()
  })

  test('confidential clients: the secret in the header, or in the form; a wrong one is refused', async () => {
    await start()
    const { basic, post } = provider.clients
    const encoded = [basic.clientId, basic.clientSecret].map(encodeURIComponent).join(':')
    const inHeader = { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` }
    const first = await authorize({}, { client_id: basic.clientId })
    expect((await first.redeem({ client_id: basic.clientId }, inHeader)).status).toBe(200)
    const second = await authorize({}, { client_id: post.clientId })
    const form = { client_id: post.clientId, client_secret: post.clientSecret }
    expect((await second.redeem({ ...form, client_secret: 'wrong' })).body.error).toBe('invalid_client')
    expect((await second.redeem(form)).status).toBe(200)
  })
})

describe('refresh tokens', () => {
  test('are rotated; the log says so', async () => {
    await start()
    const { refresh_token: first } = await signIn()
    const { status, body } = await refresh(provider, first)
    expect(status).toBe(200)
    expect(body.refresh_token).not.toBe(first)
    expect(body.id_token).toBeDefined()
    expect(provider.log).toMatchObject([
      { kind: 'tokens-issued', grant: 'device', refreshToken: first },
      { kind: 'tokens-issued', grant: 'refresh', refreshToken: body.refresh_token },
      { kind: 'refresh-rotated', from: first, to: body.refresh_token },
    ])
  })

  test('a second use ends the whole family', async () => {
    await start()
    const { refresh_token: first } = await signIn()
    const { body } = await refresh(provider, first)
    expect((await refresh(provider, first)).body.error).toBe('invalid_grant')
    expect((await refresh(provider, body.refresh_token)).body.error).toBe('invalid_grant')
    expect(provider.log.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { grant: 'refresh', error: 'invalid_grant' },
      { grant: 'refresh', error: 'invalid_grant' },
    ])
  })

  test('without rotation the same one comes back and stays good', async () => {
    await start({ rotateRefreshTokens: false })
    const { refresh_token: only } = await signIn()
    expect((await refresh(provider, only)).body.refresh_token).toBe(only)
    expect((await refresh(provider, only)).status).toBe(200)
  })

  test('revocation and revokeGrants() make them worthless', async () => {
    await start()
    const one = (await signIn()).refresh_token
    const revoked = await postForm(`${provider.issuer}/token/revocation`, {
      client_id: 'sesame-cli',
      token: one,
    })
    expect(revoked.status).toBe(200)
    expect((await refresh(provider, one)).body.error).toBe('invalid_grant')
    const another = (await signIn()).refresh_token
    expect(provider.revokeGrants()).toBeGreaterThan(0)
    expect((await refresh(provider, another)).body.error).toBe('invalid_grant')
    expect(provider.log).toContainEqual(expect.objectContaining({ kind: 'revoked', token: one }))
    expect(provider.violations).toEqual([])
  })
})

describe('keys, sessions, TLS', () => {
  test('rotateKeys(): new tokens have a new kid; the old key stays until it is dropped', async () => {
    await start()
    const before = headerOf((await signIn()).id_token).kid
    await provider.rotateKeys()
    const after = headerOf((await signIn()).id_token).kid
    expect(after).not.toBe(before)
    const kids = async () => {
      const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: { kid: string }[] }
      return keys.map(({ kid }) => kid)
    }
    expect(await kids()).toEqual([after, before])
    await provider.rotateKeys({ keepOld: false })
    expect(await kids()).toHaveLength(1)
    expect(await kids()).not.toContain(after)
    // Nothing private in what every client may fetch.
    expect(JSON.stringify(provider.jwks())).not.toMatch(/"(d|p|q)":/)
  })

  test('the session end is confirmed by the person', async () => {
    await start()
    await authorize()
    expect(provider.endSessions()).toBe(1)
    const page = await provider.visit(`${provider.issuer}/session/end?client_id=sesame-cli`)
    expect(page).toMatchObject({ status: 200, html: expect.stringContaining('Signed out') })
    expect(provider.log.at(-1)).toMatchObject({ kind: 'session-ended' })
    expect(provider.violations).toEqual([])
  })

  test('https: the issuer, the pages and the person use it', async () => {
    const { key, cert } = makeServerTls()
    await start({ approve: 'manual', tls: { key, cert } })
    expect(provider.issuer).toMatch(/^https:\/\/127\.0\.0\.1:/)
    const program = await waitOnLoopback()
    const { url } = authorizationRequest(`${provider.issuer}/auth`, program.redirectUri)
    expect((await provider.visit(url)).status).toBe(200)
    program.close()
    expect((await program.query).get('iss')).toBe(provider.issuer)
  })

  test('two providers with the same user have different keys', async () => {
    await start()
    const other = await startOidcProvider()
    const { id_token: token } = await signIn()
    await expect(
      jwtVerify(token, async () => other.jwks().keys[0] as never, { algorithms: ['RS256'] }),
    ).rejects.toThrow('signature verification failed')
    await other.close()
  })
})
