import { afterEach, describe, expect, test, vi } from 'vitest'
import type { CloudSso, CloudSsoOptions } from '../../mocks/index.ts'
import { beginLogin, deviceRequest, makePkce, post, startPortal } from './portal-client.ts'

const open: CloudSso[] = []
const portalWith = async (options: CloudSsoOptions = {}) => {
  const portal = await startPortal(options)
  open.push(portal)
  return portal
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((portal) => portal.close()))
})

describe('device authorization', () => {
  test('answers as captured', async () => {
    const portal = await portalWith()
    const { status, body, headers } = await post(portal, '/device-authorization', deviceRequest(portal))
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual([
      'DeviceCode',
      'ExpiresIn',
      'Interval',
      'RequestId',
      'UserCode',
      'VerificationUri',
      'VerificationUriComplete',
    ])
    expect(body.DeviceCode).toMatch(/^[A-Za-z0-9]{40}$/)
    expect(body.UserCode).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/)
    expect(body).toMatchObject({
      ExpiresIn: 600,
      Interval: 5,
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      VerificationUri: `${portal.url}/device/code`,
      VerificationUriComplete: `${portal.url}/device/code?user_code=${body.UserCode}`,
    })
    expect(headers.get('server')).toBe('Tengine')
    expect(headers.get('set-cookie')).toMatch(/^JSESSIONID=[0-9A-F]{32}; Path=\/; HttpOnly$/)
  })

  test('a public URL replaces its own everywhere', async () => {
    const portal = await portalWith({ publicUrl: 'https://signin.example.test' })
    expect(portal.signInUrl).toBe('https://signin.example.test/acme/login')
    const { body } = await post(portal, '/device-authorization', deviceRequest(portal))
    expect(body.VerificationUri).toBe('https://signin.example.test/device/code')
  })

  test('a challenge used twice is a violation', async () => {
    const portal = await portalWith()
    const { challenge } = makePkce()
    await post(portal, '/device-authorization', deviceRequest(portal, challenge))
    expect(portal.violations).toEqual([])
    await post(portal, '/device-authorization', deviceRequest(portal, challenge))
    expect(portal.violations).toEqual([expect.objectContaining({ kind: 'challenge-reused' })])
  })
})

describe('token', () => {
  test('pending, approved, then never again', async () => {
    const portal = await portalWith()
    const login = await beginLogin(portal)
    const pending = await login.poll()
    expect(pending.status).toBe(400)
    expect(pending.body).toEqual({
      ErrorCode: 'AuthorizationPending',
      ErrorMessage: 'The device is pending.',
      RequestId: expect.any(String),
    })
    expect(portal.pendingUserCodes()).toEqual([login.userCode])
    portal.approve(login.userCode)
    const approved = await login.poll()
    expect(approved.status).toBe(200)
    expect(Object.keys(approved.body)).toEqual(['AccessToken', 'ExpiresIn', 'RequestId', 'TokenType'])
    expect(approved.body).toMatchObject({ ExpiresIn: 28_800, TokenType: 'Bearer' })
    expect(portal.violations).toEqual([])

    const again = await login.poll()
    expect([again.status, again.body.ErrorCode]).toEqual([400, 'InvalidDeviceCodeError'])
    expect(portal.violations).toEqual([
      expect.objectContaining({ kind: 'poll-after-final-answer', userCode: login.userCode }),
    ])
  })

  test('denied by the person: AccessDenied once, then the code is invalid', async () => {
    const portal = await portalWith()
    const login = await beginLogin(portal)
    portal.deny(login.userCode)
    expect((await login.poll()).body.ErrorCode).toBe('AccessDenied')
    expect((await login.poll()).body.ErrorCode).toBe('InvalidDeviceCodeError')
    expect(() => portal.approve(login.userCode)).toThrow('no pending user code')
  })

  test('an expired code is an invalid one, even if it would be approved', async () => {
    const portal = await portalWith({ deviceCodeSeconds: 0.05, approve: { afterPolls: 0 } })
    const login = await beginLogin(portal)
    await vi.waitFor(() => expect(portal.pendingUserCodes()).toEqual([]))
    expect((await login.poll()).body.ErrorCode).toBe('InvalidDeviceCodeError')
    expect(() => portal.approve(login.userCode)).toThrow('no pending user code')
  })

  test.each([
    ['auto', ['approved']],
    ['deny', ['AccessDenied']],
    [{ afterPolls: 2 }, ['AuthorizationPending', 'AuthorizationPending', 'approved']],
  ] as const)('approval %j', async (approve, expected) => {
    const portal = await portalWith({ approve })
    const login = await beginLogin(portal)
    const seen: string[] = []
    for (const _ of expected) seen.push((await login.poll()).body.ErrorCode ?? 'approved')
    expect(seen).toEqual(expected)
  })

  test('a wrong verifier is refused and reveals nothing, a right one still works after it', async () => {
    const portal = await portalWith({ approve: 'auto' })
    const login = await beginLogin(portal)
    const stolen = await post(portal, '/token', { ...login.request, CodeVerifier: makePkce().verifier })
    expect([stolen.status, stolen.body.ErrorCode]).toEqual([400, 'InvalidCodeVerifierError'])
    expect((await login.poll()).status).toBe(200)
  })

  test('a lost answer costs the code: the client gets an error, and that is no violation', async () => {
    const portal = await portalWith({ approve: 'auto' })
    const login = await beginLogin(portal)
    portal.fault('POST /token', { kind: 'lost-answer' })
    await expect(login.poll()).rejects.toThrow('fetch failed')
    expect((await login.poll()).body.ErrorCode).toBe('InvalidDeviceCodeError')
    expect(portal.violations).toEqual([])
  })
})
