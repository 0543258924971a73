import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProxyEnvironment } from '../src/http/index.ts'
import { checkVerificationUri } from '../src/identity/device-authorization.ts'
import { checkEndpoints } from '../src/identity/oidc/check-endpoints.ts'
import { verifyJwt } from '../src/jwt/index.ts'
import { isHost, parseSecureUrl, parseUrl } from '../src/kit/secure-url.ts'
import { requestUrl } from '../src/oss/index.ts'
import { checkSettings } from '../src/profiles/check-settings.ts'
import { normalizeIdaasUrl, normalizeIssuer, normalizeSignInUrl, stsEndpoint } from '../src/values/index.ts'
import { failureOf, openFetch } from './http/support/open-fetch.ts'
import { key } from './jwt/support/verifier.ts'
import { fakeClock } from './support/fake-clock.ts'
import { signToken } from './support/token-issuer.ts'

/** Whatever WHATWG's parser lets through and no name server knows. */
const hostile = [
  '$({touch,pwned}).id.example',
  "a'b.example",
  'a;b.example',
  'a!b.example',
  'a*b.example',
  '*',
  '*.example.com',
  'a&b.example',
  'a~b',
  'a(b)c',
  'a"b.example',
  'a`b.example',
  'a{b,c}.example',
  'a=b',
  'a+b.example',
  'a,b',
  'a$b.example',
  '-oProxyCommand=x.example',
  '--help.example',
  'a..example',
  '.example',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(127)}example`,
]

const issuer = 'https://id.example.com'
const world = { clock: fakeClock(), fetch: () => Promise.reject(new Error('no network here')) }

/** Every way by which an address comes in. */
const entries: [string, (host: string) => unknown][] = [
  ['a sign-in URL', (host) => normalizeSignInUrl(`https://${host}/acme/login`)],
  ['an issuer', (host) => normalizeIssuer(`https://${host}/realms/acme`)],
  ['the IDaaS URL', (host) => normalizeIdaasUrl(`https://${host}`)],
  ['an STS endpoint as URL', (host) => stsEndpoint({ endpoint: `https://${host}` })],
  ['an STS endpoint as host', (host) => stsEndpoint({ endpoint: host })],
  [
    'an OSS endpoint',
    (host) => requestUrl({ method: 'GET', bucket: 'b' }, { endpoint: host, style: 'path' }),
  ],
  ['a verification address', (host) => checkVerificationUri(`https://${host}/device`, new URL(issuer))],
  ['trusted hosts', (host) => checkSettings({ trustedHosts: `good.example ${host}` })],
  ...['token_endpoint', 'authorization_endpoint', 'jwks_uri', 'end_session_endpoint'].map(
    (name): [string, (host: string) => unknown] => [
      `the ${name}`,
      (host) => {
        const metadata = { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }
        checkEndpoints({ ...metadata, [name]: `https://${host}/x` }, issuer, [
          host,
          new URL(`https://${host}`).hostname,
        ])
      },
    ],
  ),
]

const refused = expect.objectContaining({
  code: expect.stringMatching(/^ERR_(?:INSECURE_URL|CONFIG|USAGE|RESPONSE_INVALID)$/),
  message: expect.stringMatching(/^[^\r\n]+$/),
})

describe('[case 102] a host is labels of letters, digits, hyphen and underscore, or an address', () => {
  test.each(entries)('%s is refused on any other', (_what, enter) => {
    for (const host of hostile.filter((each) => URL.canParse(`https://${each}`)))
      expect(() => enter(host), host).toThrow(refused)
  })

  test('the address of a JWK Set, and of any request', async () => {
    for (const host of hostile.filter((each) => URL.canParse(`https://${each}`))) {
      const options = { issuer, audience: 'a', jwks: `https://${host}/jwks` }
      expect(await failureOf(verifyJwt(signToken(key), options, world))).toMatchObject({
        code: 'ERR_INSECURE_URL',
      })
      expect(await failureOf(openFetch()(`https://${host}/`))).toMatchObject({ code: 'ERR_INSECURE_URL' })
    }
  })

  test.each(['http', 'https', 'socks5', 'socks5h', ''])('a proxy (%s)', async (scheme) => {
    for (const host of hostile.filter((each) => !each.includes('"') && !each.includes('`'))) {
      const proxy = readProxyEnvironment({
        HTTPS_PROXY: scheme === '' ? `${host}:1` : `${scheme}://${host}:1`,
      })
      expect(await failureOf(openFetch({ proxy })('https://portal.test/')), host).toMatchObject({
        code: 'ERR_PROXY',
      })
    }
  })

  test.each([
    'id.example.com',
    'ID.Example.com',
    'my_host.internal',
    '_dmarc.example',
    'a--b.example',
    'xn--bcher-kva.example',
    'bücher.example',
    '例え.example',
    'localhost',
    '10.0.0.1',
    '[2001:db8::1]',
    'example.com.',
    'a-.example',
    '3com.example',
  ])('%s is one', (host) => {
    expect(parseSecureUrl(`https://${host}/x`, 'It').hostname).toMatch(/^[\w.:[\]-]+$/)
  })

  test('whatever comes through means nothing to a shell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (!URL.canParse(`https://${text}/`)) return
        const { hostname } = new URL(`https://${text}/`)
        if (isHost(hostname)) expect(hostname).toMatch(/^[\w[][\w.:[\]-]*$/)
        else expect(() => parseSecureUrl(`https://${text}/`, 'It')).toThrow(refused)
      }),
    )
  })
})

test('an international name is one still when V8 has compiled what reads it', () => {
  // Node 20's own URL.canParse says no after some ten thousand calls.
  for (let call = 0; call < 200_000; call++) parseUrl(`https://sso.example/${call % 10}`)
  expect(parseUrl('https://bücher.example/')?.host).toBe('xn--bcher-kva.example')
})
