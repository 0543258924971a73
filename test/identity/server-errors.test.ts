import { describe, expect, test } from 'vitest'
import {
  createCloudSsoDialect,
  createOidcDialect,
  type DeviceAuthorization,
  discoverProvider,
  listAccounts,
  retrieveIdToken,
} from '../../src/identity/index.ts'
import { createJwksSource } from '../../src/jwt/index.ts'
import { type Fetch, Secret, silentLog } from '../../src/kit/index.ts'
import { requestCloudCredentials } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { fakeClock } from '../support/fake-clock.ts'

/** Bodies that servers give: the same error in many forms. */
const forms = (code: string): [string, string][] => [
  ['PascalCase members', JSON.stringify({ ErrorCode: code, ErrorMessage: 'said', RequestId: 'R-1' })],
  ['camelCase members', JSON.stringify({ errorCode: code, errorMessage: 'said', requestId: 'R-1' })],
  ['OAuth', JSON.stringify({ error: code, error_description: 'said', request_id: 'R-1' })],
  ['nested', JSON.stringify({ error: { code, message: 'said' }, requestId: 'R-1' })],
  [
    'XML',
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>said</Message><RequestId>R-1</RequestId></Error>`,
  ],
  ['behind a byte order mark', `\ufeff${JSON.stringify({ Code: code, Message: 'said', RequestId: 'R-1' })}`],
]

const answering = (body: string, status: number) => async () =>
  new Response(body, { status, headers: { 'content-type': 'text/html' } })

const context = (fetch: Fetch) => ({
  fetch,
  clock: fakeClock(),
  log: silentLog,
  random: () => 0.5,
  signal: new AbortController().signal,
})
const portal = (fetch: Fetch) => ({
  ...context(fetch),
  signInUrl: 'https://portal.example/acme/login',
  clientId: 'cli',
})
const authorization = { deviceCode: new Secret('device-code') } as DeviceAuthorization
const pkce = { codeVerifier: new Secret('v'), codeChallenge: 'c', codeChallengeMethod: 'S256' } as const
const signal = new AbortController().signal

const pollPortal = (body: string, status: number) =>
  createCloudSsoDialect(portal(answering(body, status))).redeemDeviceCode(authorization, pkce.codeVerifier, {
    signal,
    timeoutMs: 5000,
  })

const issuer = 'https://op.example'
const metadata = {
  issuer,
  token_endpoint: `${issuer}/token`,
  device_authorization_endpoint: `${issuer}/device`,
  authorization_endpoint: `${issuer}/auth`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
}
const client = { issuer, clientId: 'cli', scope: 'openid', devicePkce: false, trustedHosts: [] }

async function pollProvider(body: string, status: number) {
  const fetch: Fetch = async (url) =>
    String(url).endsWith('openid-configuration') ? Response.json(metadata) : answering(body, status)()
  const provider = await discoverProvider(client, context(fetch))
  return createOidcDialect(provider).redeemDeviceCode(authorization, pkce.codeVerifier, {
    signal,
    timeoutMs: 5000,
  })
}

describe.each([400, 403, 200])('[case 147] status %i', (status) => {
  const spellings: [string, string][] = [
    ['pending', 'AuthorizationPending'],
    ['pending', 'authorization_pending'],
    ['pending', 'authorizationPending'],
    ['slow-down', 'SlowDown'],
    ['slow-down', 'slow_down'],
    ['slow-down', 'slowDown'],
    ['denied', 'AccessDenied'],
    ['denied', 'access_denied'],
    ['expired', 'ExpiredToken'],
    ['expired', 'expired_token'],
  ]

  test.each(spellings)(
    'a poll is %s with the code %s, in every form, at the portal and at a provider',
    async (kind, code) => {
      for (const [form, body] of forms(code)) {
        expect((await pollPortal(body, status)).kind, `portal, ${form}`).toBe(kind)
        expect((await pollProvider(body, status)).kind, `provider, ${form}`).toBe(kind)
      }
    },
  )

  test.each(forms('SomethingNew'))(
    '%s: code and RequestId are in the error of every call',
    async (_, body) => {
      const fetch = answering(body, status)
      const { lists, credentials } = {
        lists: listAccounts(portal(fetch), { accessToken: new Secret('t'), signal, random: () => 1 }),
        credentials: requestCloudCredentials({
          ...portal(fetch),
          accessToken: new Secret('t'),
          accountId: '1',
          accessConfigurationId: 'ac-1',
        }),
      }
      const application = {
        url: 'https://idaas.example',
        applicationUuid: 'u-1',
        appKey: 'k-1',
        apiVersion: 'v1.2',
      }
      const failures = [
        await failureOf(lists),
        await failureOf(credentials),
        await failureOf(pollPortal(body, status)),
        await failureOf(
          createCloudSsoDialect(portal(fetch)).startDeviceAuthorization(pkce, { signal, timeoutMs: 5000 }),
        ),
        await failureOf(pollProvider(body, status)),
        await failureOf(retrieveIdToken(application, new Secret('s'), context(fetch))),
      ]
      for (const error of failures) {
        expect(error).toMatchObject({ serverCode: 'SomethingNew', requestId: 'R-1' })
        expect(error.message).toContain('SomethingNew')
        expect(error.message).toContain('said')
        expect(error.code).toMatch(/^ERR_(?:REFUSED|FORBIDDEN)$/)
      }
    },
  )

  test.each(forms('SomethingNew'))(
    '%s: in the place of a discovery document or a key set',
    async (_, body) => {
      const discovery = await failureOf(discoverProvider(client, context(answering(body, status))))
      const { fetch, clock } = context(answering(body, status))
      const keys = createJwksSource({ url: `${issuer}/jwks`, fetch, clock })
      const set = await failureOf(keys.keysFor({ alg: 'RS256', kid: undefined }))
      expect([discovery, set]).toMatchObject([{ requestId: 'R-1' }, { requestId: 'R-1' }])
      if (status === 200) expect(discovery.message).toContain('SomethingNew: said')
      expect(set.message).toContain('SomethingNew: said')
    },
  )
})

test('[case 147] a byte order mark in front of a discovery document and of a key set', async () => {
  const marked = (value: object) => new Response(`\ufeff${JSON.stringify(value)}`)
  const bytes = (value: object) =>
    new Response(
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(value))]),
    )
  for (const answer of [marked, bytes]) {
    const provider = await discoverProvider(
      client,
      context(async () => answer(metadata)),
    )
    expect(provider.supports).toMatchObject({ device: true, code: true })
    const { fetch, clock } = context(async () => answer({ keys: [] }))
    const keys = createJwksSource({ url: `${issuer}/jwks`, fetch, clock })
    expect(await keys.keysFor({ alg: 'RS256', kid: undefined })).toEqual({ keys: [] })
  }
})

test('[case 147] members beside a success are no error', async () => {
  const token = {
    access_token: 'abc',
    token_type: 'Bearer',
    expires_in: 60,
    code: 'SomethingNew',
    status: 'x',
  }
  expect((await pollProvider(JSON.stringify(token), 200)).kind).toBe('granted')
})
