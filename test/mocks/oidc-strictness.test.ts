import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type OidcProvider, PageFailure, startOidcProvider } from '../../mocks/oidc.ts'
import { authorizationRequest, beginDevice, makePkce, postForm, refresh } from './oidc-client.ts'

let provider: OidcProvider
const printed = vi.spyOn(console, 'warn')
const announced = vi.spyOn(console, 'info')
beforeEach(async () => {
  provider = await startOidcProvider({ intervalSeconds: 0, approve: 'auto' })
})
afterEach(() => provider.close())

const kinds = () => provider.violations.map(({ kind }) => kind)

describe('violations', () => {
  test.each(['device_code', 'code_verifier'] as const)('%s in a query', async (name) => {
    const device = await beginDevice(provider)
    await device.poll()
    await fetch(`${provider.issuer}/token?${name}=${device.form[name]}`)
    await fetch(`${provider.issuer}/elsewhere/${device.form[name]}`)
    expect(kinds()).toEqual(['secret-in-url', 'secret-in-url'])
  })

  test('a client secret or a token in a query', async () => {
    const { body } = await (await beginDevice(provider)).poll()
    await fetch(`${provider.issuer}/auth?client_secret=whatever`)
    await fetch(`${provider.issuer}/session/end?id_token_hint=${body.id_token}`)
    await fetch(`${provider.issuer}/me?access_token=${body.access_token}`)
    expect(kinds().filter((kind) => kind === 'secret-in-url')).toHaveLength(3)
  })

  test('[case 24] a token of another provider', async () => {
    const other = await startOidcProvider({ intervalSeconds: 0, approve: 'auto' })
    const { body } = await (await beginDevice(other)).poll()
    await refresh(provider, body.refresh_token)
    await fetch(`${provider.issuer}/me`, { headers: { authorization: `Bearer ${body.access_token}` } })
    expect(provider.violations).toMatchObject([
      { kind: 'foreign-secret', issuer: other.issuer, path: '/token' },
      { kind: 'foreign-secret', issuer: other.issuer, path: '/me' },
    ])
    await other.close()
  })

  test('a poll after the end', async () => {
    const device = await beginDevice(provider)
    await device.poll()
    expect((await device.poll()).body.error).toBe('invalid_grant')
    expect(provider.violations).toMatchObject([{ kind: 'request-after-final-answer', what: 'device code' }])
  })

  test('a challenge or a verifier used for a second sign-in', async () => {
    const { verifier, challenge } = makePkce()
    const first = await beginDevice(provider, { code_challenge: challenge })
    const second = await beginDevice(provider, { code_challenge: challenge })
    await first.poll({ code_verifier: verifier })
    await second.poll({ code_verifier: verifier })
    expect(kinds()).toEqual(['challenge-reused', 'verifier-reused'])
  })

  test.each([
    [{ state: '' }, 'no state'],
    [{ state: 'short' }, 'short state'],
    [{ nonce: '' }, 'no nonce'],
    [{ code_challenge: '' }, 'no code_challenge'],
    [{ code_challenge_method: 'plain' }, 'code_challenge_method plain'],
    [{ redirect_uri: 'http://localhost:4711/callback' }, 'redirect_uri http://localhost:4711/callback'],
    [{ response_type: 'code id_token' }, 'response_type code id_token'],
  ])('an authorization request with %j', async (change, detail) => {
    const { url } = authorizationRequest(`${provider.issuer}/auth`, 'http://127.0.0.1:4711/callback', change)
    await fetch(url, { redirect: 'manual' })
    expect(provider.violations).toContainEqual(
      expect.objectContaining({ kind: 'unsafe-authorization-request', detail }),
    )
  })

  test('a correct authorization request is none', async () => {
    await fetch(authorizationRequest(`${provider.issuer}/auth`, 'http://127.0.0.1:4711/callback').url, {
      redirect: 'manual',
    })
    expect(provider.violations).toEqual([])
  })

  test('what the provider refuses as malformed', async () => {
    await postForm(`${provider.issuer}/token`, { grant_type: 'password', client_id: 'sesame-cli' })
    await postForm(`${provider.issuer}/token`, { grant_type: 'refresh_token', client_id: 'nobody' })
    expect(provider.violations).toMatchObject([
      { kind: 'invalid-request', path: '/token' },
      { kind: 'invalid-request', path: '/token' },
    ])
  })
})

describe('faults', () => {
  test('are answered instead of the provider, whose codes survive', async () => {
    const device = await beginDevice(provider)
    provider.fault('POST /token', { kind: 'status', status: 503, body: 'busy' }, { times: 2 })
    expect((await device.poll()).status).toBe(503)
    expect((await device.poll()).status).toBe(503)
    expect((await device.poll()).status).toBe(200)
  })

  test('[case 43] lost-answer: the refresh token is rotated although the client did not get the new one', async () => {
    const { body } = await (await beginDevice(provider)).poll()
    provider.fault('POST /token', { kind: 'lost-answer' })
    await expect(refresh(provider, body.refresh_token)).rejects.toThrow('fetch failed')
    expect(provider.log.at(-1)).toMatchObject({ kind: 'refresh-rotated', from: body.refresh_token })
    expect((await refresh(provider, body.refresh_token)).body.error).toBe('invalid_grant')
  })

  test('transform() bends a real answer', async () => {
    const device = await beginDevice(provider)
    provider.transform('POST /token', ({ id_token: _, ...rest }) => rest)
    expect((await device.poll()).body).not.toHaveProperty('id_token')
  })
})

test('the person says when the pages do not play along', async () => {
  await expect(provider.approve('AAAA-AAAA')).rejects.toThrow(PageFailure)
})

test('nothing is printed', () => {
  const lines = [...printed.mock.calls, ...announced.mock.calls].flat().map(String)
  expect(lines.filter((line) => line.includes('oidc-provider'))).toEqual([])
})
