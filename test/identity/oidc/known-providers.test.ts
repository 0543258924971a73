import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  type Bend,
  type PresetName,
  type QuirkyOptions,
  type QuirkyProvider,
  startQuirkyProvider,
} from '../../../mocks/index.ts'
import { type OidcClient, refreshTokens, revokeTokens, runCodeFlow } from '../../../src/identity/index.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { discover, signInByDevice } from './at-provider.ts'

let op: QuirkyProvider
/** The clock of these tests does not wait, so no wait is enforced. */
const startUnhurried = (options: QuirkyOptions) =>
  startQuirkyProvider({ intervalSeconds: 0, wireIntervalSeconds: 1, ...options })

/** Starts the provider of one test. */
async function start(options: QuirkyOptions = {}): Promise<void> {
  op = await startUnhurried(options)
  onTestFinished(op.close)
}

const clientSecret = 'secret-of-a-television'
const known: [PresetName, QuirkyOptions, Partial<OidcClient>][] = [
  ['plain', {}, {}],
  ['keycloak', {}, {}],
  ['entra', {}, {}],
  ['okta', {}, {}],
  ['auth0', {}, { audience: 'https://api.example.test' }],
  ['google', { clientSecret }, { clientSecret: new Secret(clientSecret), scope: 'openid email profile' }],
  ['identityserver', {}, {}],
  ['eiam', {}, {}],
]

describe.each(known)('%s', (preset, options, client) => {
  test('sign-in by device, renewal and revocation', async () => {
    await start({ preset, ...options, approve: { afterPolls: 2 } })
    const { tokens, shown } = await signInByDevice(op.issuer, client)
    expect(shown[0]?.verificationUri.mayOpen).toBe(true)
    expect(op.calls().filter((call) => call === 'token')).toHaveLength(3)
    expect(tokens.idToken?.userName).toMatch(/^dev/)
    const provider = await discover(op.issuer, client)
    const refreshToken = tokens.refreshToken ?? new Secret('none-was-given')
    const renewed = await refreshTokens(provider, refreshToken)
    expect(renewed.idToken?.userName).toBe(tokens.idToken?.userName)
    const revoked = await revokeTokens(provider, { refreshToken: renewed.refreshToken ?? refreshToken })
    expect(revoked).toBe(provider.supports.revocation ? 'revoked' : 'not-supported')
    expect(op.violations).toEqual([])
  })

  test('sign-in by the browser of this machine', async () => {
    await start({ preset, ...options })
    const provider = await discover(op.issuer, client)
    const { log, signal } = provider.context
    let visited: Promise<unknown> = Promise.resolve()
    const onStartUrl = (url: string) => {
      visited = op.visit(url)
    }
    const tokens = await runCodeFlow(provider, { clock: systemClock, log, signal, onStartUrl })
    expect(await visited).toMatchObject({ status: 200, url: expect.stringMatching(/\/done$/) })
    expect(tokens.idToken?.userName).toMatch(/^dev/)
    expect(op.violations).toEqual([])
  })

  test('[case 6] a denial, in its own words', async () => {
    await start({ preset, ...options, approve: 'deny' })
    await expect(signInByDevice(op.issuer, client)).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED' })
    expect(op.calls().filter((call) => call === 'token')).toHaveLength(1)
  })
})

test('[case 25] Entra’s document for any tenant is refused, with what to write instead', async () => {
  await start({ preset: 'entra-common' })
  await expect(discover(op.issuer)).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: expect.stringContaining('{tenantid}'),
    hint: expect.stringContaining("tenant's own id"),
  })
})

test('Google’s wish for a secret is understood', async () => {
  await start({ preset: 'google', clientSecret })
  await expect(signInByDevice(op.issuer, { scope: 'openid email' })).rejects.toMatchObject({
    code: 'ERR_REFUSED',
    hint: expect.stringContaining('--client-secret-stdin'),
  })
  await expect(signInByDevice(op.issuer, { scope: 'openid offline_access' })).rejects.toMatchObject({
    code: 'ERR_REFUSED',
    serverCode: 'invalid_scope',
    hint: expect.stringContaining('--scope'),
  })
})

test('[case 20] a server whose clock is a day ahead is believed about its own tokens', async () => {
  await start({ dateOffsetSeconds: 86_400 })
  const { tokens } = await signInByDevice(op.issuer)
  expect(tokens.idToken?.lifetime.clock.skewMs).toBeGreaterThan(86_000_000)
})

describe('what can be wrong with an answer', () => {
  let plain: QuirkyProvider
  beforeAll(async () => {
    plain = await startUnhurried({ approve: { afterPolls: 1 } })
  })
  afterAll(() => plain.close())
  const bend = (name: Bend) => {
    op = plain
    op.bends = [name]
    op.requests.length = 0
  }

  const refused: [Bend, string][] = [
    ['discovery:other-issuer', 'ERR_CONFIG'],
    ['discovery:issuer-with-slash', 'ERR_CONFIG'],
    ['discovery:issuer-upper-case', 'ERR_CONFIG'],
    ['discovery:no-issuer', 'ERR_RESPONSE_INVALID'],
    ['discovery:http-token-endpoint', 'ERR_INSECURE_URL'],
    ['discovery:http-jwks', 'ERR_INSECURE_URL'],
    ['discovery:file-endpoint', 'ERR_INSECURE_URL'],
    ['discovery:no-device-endpoint', 'ERR_CONFIG'],
    ['discovery:no-token-endpoint', 'ERR_RESPONSE_INVALID'],
    ['discovery:no-jwks-uri', 'ERR_RESPONSE_INVALID'],
    ['device:expires-in-zero', 'ERR_RESPONSE_INVALID'],
    ['device:expires-in-negative', 'ERR_RESPONSE_INVALID'],
    ['device:interval-huge', 'ERR_RESPONSE_INVALID'],
    ['device:javascript-uri', 'ERR_RESPONSE_INVALID'],
    ['device:file-uri', 'ERR_RESPONSE_INVALID'],
    ['device:http-uri', 'ERR_RESPONSE_INVALID'],
    ['device:credentials-in-uri', 'ERR_RESPONSE_INVALID'],
    ['device:number-user-code', 'ERR_RESPONSE_INVALID'],
    ['device:no-device-code', 'ERR_RESPONSE_INVALID'],
    ['device:empty', 'ERR_RESPONSE_INVALID'],
    ['token:no-token-type', 'ERR_RESPONSE_INVALID'],
    ['token:token-type-mac', 'ERR_RESPONSE_INVALID'],
    ['token:no-access-token', 'ERR_RESPONSE_INVALID'],
    ['token:empty-access-token', 'ERR_RESPONSE_INVALID'],
    ['token:number-access-token', 'ERR_RESPONSE_INVALID'],
    ['token:huge-access-token', 'ERR_RESPONSE_INVALID'],
    ['token:newline-in-access-token', 'ERR_RESPONSE_INVALID'],
    ['token:expires-in-negative', 'ERR_RESPONSE_INVALID'],
    ['token:empty', 'ERR_RESPONSE_INVALID'],
    ['id-token:bad-signature', 'ERR_TOKEN_INVALID'],
    ['id-token:changed-claims', 'ERR_TOKEN_INVALID'],
    ['id-token:alg-none', 'ERR_TOKEN_INVALID'],
    ['id-token:hs256-with-public-key', 'ERR_TOKEN_INVALID'],
    ['id-token:unknown-kid', 'ERR_TOKEN_INVALID'],
    ['id-token:other-key', 'ERR_TOKEN_INVALID'],
    ['id-token:other-azp', 'ERR_TOKEN_INVALID'],
    ['id-token:text-exp', 'ERR_TOKEN_INVALID'],
    ['id-token:not-a-jwt', 'ERR_TOKEN_INVALID'],
  ]
  const caseOf = (name: Bend) =>
    ({ discovery: 25, device: name.endsWith('-uri') ? 10 : 16, token: 19, 'id-token': 26 })[
      name.split(':')[0] ?? ''
    ]
  const numbered = refused.map(([name, code]) => [caseOf(name), name, code] as const)
  test.each(numbered)('[case %i] %s ends the sign-in with %s', async (_, name, code) => {
    bend(name)
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({ code })
  })

  test.each<Bend>([
    'device:no-interval',
    'device:interval-zero',
    'device:interval-negative',
    'device:interval-text',
    'device:interval-null',
    'device:no-expires-in',
    'device:expires-in-text',
    'device:expires-in-huge',
    'device:expires-in-null',
    'device:other-host-uri',
    'device:escapes',
    'device:long-user-code',
    'token:token-type-lower-case',
    'token:no-expires-in',
    'token:expires-in-text',
    'token:expires-in-huge',
    'token:no-id-token',
    'token:no-refresh-token',
    'id-token:no-kid',
    'id-token:several-audiences',
    'pending:status-200',
  ])('[case 9] [case 12] [case 16] %s is tolerated', async (name) => {
    bend(name)
    const { shown, clock } = await signInByDevice(op.issuer)
    expect(shown[0]?.userCode).toMatch(/^[\x20-\x7e]{1,80}…?$/)
    for (const ms of clock.sleeps) expect(ms).toBeGreaterThanOrEqual(1_000)
    expect(shown[0]?.verificationUri.mayOpen).toBe(name !== 'device:other-host-uri')
  })

  test.each<[Bend, string]>([
    ['redirect:other-issuer', 'ERR_RESPONSE_INVALID'],
    ['id-token:other-nonce', 'ERR_TOKEN_INVALID'],
    ['id-token:no-nonce', 'ERR_TOKEN_INVALID'],
    ['token:no-id-token', 'ERR_RESPONSE_INVALID'],
    ['redirect:other-state', 'ERR_DEVICE_CODE_EXPIRED'],
    ['redirect:no-state', 'ERR_DEVICE_CODE_EXPIRED'],
    ['redirect:no-code', 'ERR_RESPONSE_INVALID'],
  ])('[case 26] %s in the browser ends with %s', async (name, code) => {
    bend(name)
    const { context, ...provider } = await discover(op.issuer)
    const { log, signal } = context
    const onStartUrl = (url: string) => {
      void op.visit(url)
    }
    const waiting = { clock: systemClock, log, signal, timeoutMs: 1_000, onStartUrl }
    await expect(runCodeFlow({ ...provider, context }, waiting)).rejects.toMatchObject({ code })
    expect(op.calls().includes('token')).toBe(!name.startsWith('redirect:'))
  })
})
