import { afterEach, describe, expect, test } from 'vitest'
import { type Fault, faults, unavailable } from '../../../mocks/index.ts'
import type { OidcProviderOptions } from '../../../mocks/oidc.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { startTestOidc, type TestOidc } from '../../support/oidc.ts'
import { signInByDevice } from './at-provider.ts'

let op: TestOidc
afterEach(() => op.stop())

/** A provider that lets a clock that does not wait poll at once. */
async function start(options: OidcProviderOptions = {}) {
  op = await startTestOidc({ enforceInterval: false, ...options })
  return op
}

const polls = () => op.calls().filter((call) => call === 'POST /token').length
const starts = () => op.calls().filter((call) => call === 'POST /device/auth').length
const form = (path: string) =>
  op.requests.find((request) => request.path === path)?.body as Record<string, string>
const says = (error: string, status = 400, more: object = {}): Fault => ({
  kind: 'json',
  status,
  body: { error, ...more },
})

describe('a sign-in with the real oidc-provider', () => {
  test('[case 2] with real waits: no poll too soon, and everything that came is checked and kept', async () => {
    op = await startTestOidc({ intervalSeconds: 0.3, approve: { afterPolls: 2 } })
    const { tokens, shown } = await signInByDevice(op.issuer, {}, { ...fakeClock(), ...systemClock })
    expect(op.violations).toEqual([])
    expect(polls()).toBe(3)
    expect(shown).toHaveLength(1)
    expect(shown[0]?.verificationUri).toEqual({ text: `${op.issuer}/device`, mayOpen: true })
    expect(shown[0]?.verificationUriComplete?.text).toContain(shown[0]?.userCode)
    expect(tokens.refreshToken).toBeInstanceOf(Secret)
    expect(tokens.idToken?.userName).toBe('dev')
    const { obtainedAt, expiresAt } = tokens.idToken?.lifetime ?? tokens.lifetime
    expect(expiresAt.getTime() - obtainedAt.getTime()).toBe(300_000)
  })

  test('[case 1] without an interval in the answer waits five seconds, the first time too', async () => {
    await start({ approve: { afterPolls: 1 } })
    op.transform('POST /device/auth', ({ interval: _, ...rest }) => rest)
    const { clock } = await signInByDevice(op.issuer)
    expect(clock.sleeps).toHaveLength(2)
    for (const ms of clock.sleeps) expect(ms).toBeGreaterThanOrEqual(5_000)
  })

  test('[case 3] slow_down adds five seconds for good; Retry-After counts for one round', async () => {
    await start({ approve: { afterPolls: 1 } })
    op.transform('POST /device/auth', (body) => ({ ...body, interval: 5 }))
    op.fault('POST /token', says('slow_down', 403))
    op.fault('POST /token', { ...says('slow_down', 429), headers: { 'retry-after': '30' } } as Fault)
    const { clock } = await signInByDevice(op.issuer)
    expect(clock.sleeps.map((ms) => Math.floor(ms / 1000))).toEqual([5, 10, 30, 15])
  })

  test('[case 4] resets, cut-off answers and hangs are survived with growing waits', async () => {
    await start()
    op.fault('POST /token', { kind: 'reset' })
    op.fault('POST /token', { kind: 'truncate' })
    op.fault('POST /token', { kind: 'hang' })
    const { tokens, clock } = await signInByDevice(op.issuer)
    expect(tokens.idToken?.userName).toBe('dev')
    expect(polls()).toBe(4)
    const waits = clock.sleeps.map((ms) => Math.round(ms / 100) / 10)
    expect(waits).toEqual([0.3, 0.5, 0.9, 1.7])
  })

  test('[case 5] faults of the server while polling are survived, whatever they look like', async () => {
    await start()
    op.fault('POST /token', faults.internalErrorHtml)
    op.fault('POST /token', faults.badGatewayEmpty)
    op.fault('POST /token', unavailable(1))
    op.fault('POST /token', unavailable('soon'))
    op.fault('POST /token', { kind: 'status', status: 429, body: 'slow down' })
    op.fault('POST /token', { kind: 'status', status: 200, body: '<html>Welcome to Hotel WLAN</html>' })
    op.fault('POST /token', says('temporarily_unavailable'))
    op.fault('POST /token', says('server_error', 500))
    const { tokens } = await signInByDevice(op.issuer)
    expect(tokens.idToken?.userName).toBe('dev')
    expect(polls()).toBe(9)
  })

  test('[case 5] [case 81] at the start a few attempts are made, then status and RequestId are reported', async () => {
    await start()
    op.fault('POST /device/auth', unavailable(1), { times: 2 })
    await expect(signInByDevice(op.issuer)).resolves.toBeDefined()
    expect(starts()).toBe(3)
    op.fault(
      'POST /device/auth',
      {
        kind: 'status',
        status: 503,
        headers: { 'x-request-id': '5f0c-41d2' },
        body: '<h1>busy</h1>',
      },
      { times: 3 },
    )
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({
      code: 'ERR_SERVER',
      status: 503,
      requestId: '5f0c-41d2',
    })
    expect(starts()).toBe(6)
  })

  test('[case 6] a denial ends it with one request after it', async () => {
    await start({ approve: 'deny' })
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({
      code: 'ERR_ACCESS_DENIED',
      serverCode: 'access_denied',
    })
    expect(polls()).toBe(1)
    expect(starts()).toBe(1)
  })

  test.each([
    ['authorization_declined', 'ERR_ACCESS_DENIED'],
    ['expired_token', 'ERR_DEVICE_CODE_EXPIRED'],
    ['bad_verification_code', 'ERR_DEVICE_CODE_EXPIRED'],
    ['invalid_grant', 'ERR_DEVICE_CODE_EXPIRED'],
    ['something_new', 'ERR_REFUSED'],
    ['invalid_client', 'ERR_REFUSED'],
    ['unauthorized_client', 'ERR_REFUSED'],
  ])('[case 6] %s ends it at once, whatever the status', async (error, code) => {
    await start({ approve: 'manual' })
    for (const status of [400, 401, 403, 500]) {
      // An unknown code with 500 is a fault of the server, and survived.
      if (status === 500 && code === 'ERR_REFUSED') continue
      const before = polls()
      op.fault('POST /token', says(error, status, { request_id: 'EF-1' }))
      await expect(signInByDevice(op.issuer)).rejects.toMatchObject({
        code,
        serverCode: error,
        requestId: 'EF-1',
      })
      expect(polls() - before).toBe(1)
    }
  })

  test('[case 7] a code that no user approves ends as expired when its lifetime is over', async () => {
    await start({ approve: 'manual' })
    op.transform('POST /device/auth', (body) => ({ ...body, expires_in: 3, interval: 1 }))
    const clock = fakeClock()
    const startedMs = clock.monotonicMs()
    await expect(signInByDevice(op.issuer, {}, clock)).rejects.toMatchObject({
      code: 'ERR_DEVICE_CODE_EXPIRED',
      message: expect.stringContaining('expired'),
    })
    expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(4_000)
    expect(polls()).toBe(2)
  })

  test('[case 9] pending is pending with any status, 200 too; 200 with nothing in it is no success', async () => {
    await start()
    for (const status of [200, 400, 401, 403, 428, 500])
      op.fault('POST /token', says('authorization_pending', status))
    await signInByDevice(op.issuer)
    expect(polls()).toBe(7)
    op.fault('POST /token', { kind: 'json', body: {} })
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
  })

  test('[case 85] a redirect of the token or device endpoint is not followed', async () => {
    await start()
    const other = await startTestOidc()
    for (const status of [301, 302, 307, 308]) {
      op.fault('POST /device/auth', { kind: 'redirect', to: `${other.issuer}/device/auth`, status })
      await expect(signInByDevice(op.issuer)).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
      op.fault('POST /token', { kind: 'redirect', to: `${other.issuer}/token`, status })
      await expect(signInByDevice(op.issuer)).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    }
    expect(other.requests).toEqual([])
    await other.stop()
  })
})

describe('proof key in the device grant', () => {
  test('[case 15] a provider that demands it is satisfied', async () => {
    await start({ devicePkce: 'required' })
    await signInByDevice(op.issuer)
    expect(form('/device/auth')).toMatchObject({
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(form('/token').code_verifier).toMatch(/^[\w-]{43}$/)
    await expect(signInByDevice(op.issuer, { devicePkce: false })).rejects.toMatchObject({
      code: 'ERR_REFUSED',
      serverCode: 'invalid_request',
    })
  })

  test('[case 15] one that ignores it is no problem', async () => {
    await start({ devicePkce: 'ignored' })
    await expect(signInByDevice(op.issuer)).resolves.toBeDefined()
  })

  test('[case 15] one that rejects it: the error says how to use it, and then it works', async () => {
    await start({ devicePkce: 'rejected' })
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({
      code: 'ERR_REFUSED',
      message: expect.stringContaining('unknown parameter code_challenge'),
      hint: expect.stringContaining('--no-device-pkce'),
    })
    expect(starts()).toBe(1)
    await signInByDevice(op.issuer, { devicePkce: false })
    const sent = op.requests.map((request) => JSON.stringify(request.body ?? '')).slice(-3)
    expect(sent.join()).not.toContain('code_verifier')
  })
})

describe('who we are', () => {
  test('a public client names itself in the form, scope and audience as configured', async () => {
    await start()
    await signInByDevice(op.issuer, { scope: 'openid profile', audience: 'https://api.example.test' })
    expect(form('/device/auth')).toMatchObject({
      client_id: 'sesame-cli',
      scope: 'openid profile',
      audience: 'https://api.example.test',
    })
    expect(form('/token')).toMatchObject({ client_id: 'sesame-cli' })
    expect(form('/token')).not.toHaveProperty('client_secret')
  })

  test('a secret goes into the header, or into the form where discovery knows only that', async () => {
    await start()
    const { basic, post } = op.clients
    await signInByDevice(op.issuer, {
      clientId: basic.clientId,
      clientSecret: new Secret(basic.clientSecret),
    })
    const header = op.requests.find(({ path }) => path === '/token')?.headers.authorization
    expect(header).toMatch(/^Basic /)
    op.transform('GET /.well-known/openid-configuration', (body) => ({
      ...body,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    }))
    await signInByDevice(op.issuer, { clientId: post.clientId, clientSecret: new Secret(post.clientSecret) })
    const last = op.requests.filter(({ path }) => path === '/token').at(-1)
    expect(last?.headers.authorization).toBeUndefined()
    expect(last?.body).toMatchObject({ client_secret: post.clientSecret })
    expect(op.violations.filter(({ kind }) => kind !== 'poll-too-soon')).toEqual([])
  })

  test('a wrong secret is reported as such, not as a sign-in that is over', async () => {
    await start()
    const clientSecret = new Secret('not-the-secret-of-it')
    const failing = signInByDevice(op.issuer, { clientId: op.clients.basic.clientId, clientSecret })
    await expect(failing).rejects.toMatchObject({
      code: 'ERR_REFUSED',
      serverCode: 'invalid_client',
      hint: expect.stringContaining('--client-secret-stdin'),
    })
  })

  test('a provider without a device endpoint: the error names another way', async () => {
    await start()
    op.transform(
      'GET /.well-known/openid-configuration',
      ({ device_authorization_endpoint: _, ...rest }) => rest,
    )
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      hint: expect.stringContaining('--flow code'),
    })
  })

  test.each<[string, number, Fault]>([
    [
      '504 with HTML',
      504,
      { kind: 'status', status: 504, body: '<html/>', headers: { 'x-ms-request-id': 'R-1' } },
    ],
    [
      '405 with HTML',
      405,
      { kind: 'status', status: 405, body: '<html/>', headers: { 'x-ms-request-id': 'R-1' } },
    ],
    [
      '200 with HTML',
      200,
      { kind: 'status', status: 200, body: '<html/>', headers: { 'x-ms-request-id': 'R-1' } },
    ],
    [
      '500 with an error',
      500,
      { ...says('server_error', 500), headers: { 'x-ms-request-id': 'R-1' } } as Fault,
    ],
  ])('[case 140] [case 209] %s at every poll: the last failure, not "expired"', async (_, status, fault) => {
    await start()
    op.fault('POST /token', fault, { times: Number.POSITIVE_INFINITY })
    const { host } = new URL(op.issuer)
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({
      code: status === 504 || status === 500 ? 'ERR_SERVER' : 'ERR_RESPONSE_INVALID',
      status,
      requestId: 'R-1',
      message: expect.stringContaining(`${host} answered with status ${status}`),
    })
    expect(polls()).toBeGreaterThan(5)
  })
})
