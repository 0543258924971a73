import { afterEach, describe, expect, test, vi } from 'vitest'
import { type CloudSso, type CloudSsoOptions, makeDirectory } from '../../mocks/index.ts'
import { beginLogin, get, post, signIn, startPortal } from './portal-client.ts'

const open: CloudSso[] = []
const portalWith = async (options: CloudSsoOptions = {}) => {
  const portal = await startPortal(options)
  open.push(portal)
  return portal
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((portal) => portal.close()))
})

const accountsPath = '/access-assignments/accounts'
const assignment = (portal: CloudSso, index = 0) => ({
  AccountId: String(portal.directory.accounts[index]?.AccountId),
  AccessConfigurationId: String(portal.directory.accounts[index]?.configurations[0]?.AccessConfigurationId),
})
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('access tokens', () => {
  test.each(['', 'unknown'])('%j is 401', async (token) => {
    const portal = await portalWith()
    const answer = await get(portal, accountsPath, token || undefined)
    expect([answer.status, answer.body.ErrorCode]).toEqual([401, 'InvalidAccessToken'])
  })

  test('an expired one is 401', async () => {
    const portal = await portalWith({ accessTokenSeconds: 1, approve: 'auto' })
    const token = await signIn(portal)
    expect((await get(portal, accountsPath, token)).status).toBe(200)
    await vi.waitFor(async () => expect((await get(portal, accountsPath, token)).status).toBe(401), 5000)
  })

  test('revoked ones are 401 on every call', async () => {
    const portal = await portalWith({ approve: 'auto' })
    const token = await signIn(portal)
    portal.revokeTokens()
    expect((await get(portal, accountsPath, token)).status).toBe(401)
    expect((await post(portal, '/cloud-credentials', assignment(portal), bearer(token))).status).toBe(401)
  })
})

describe('paging', () => {
  test('pages of 10 by default, ids stay strings, the last page has no NextToken', async () => {
    const portal = await portalWith({ directory: makeDirectory(23), approve: 'auto' })
    const token = await signIn(portal)
    const ids: string[] = []
    const sizes: number[] = []
    let next = ''
    do {
      const { body } = await get(portal, next ? `${accountsPath}?NextToken=${next}` : accountsPath, token)
      for (const { AccountId } of body.Accounts) ids.push(AccountId)
      sizes.push(body.Accounts.length)
      expect('NextToken' in body).toBe(body.IsTruncated)
      next = body.NextToken ?? ''
    } while (next)
    expect(sizes).toEqual([10, 10, 3])
    expect(ids).toEqual(portal.directory.accounts.map((account) => account.AccountId))
    expect(ids[4]).toMatch(/^00\d{14}$/)
  })

  test('MaxResults 1 to 100; an empty NextToken is the first page', async () => {
    const portal = await portalWith({ directory: makeDirectory(120), approve: 'auto' })
    const token = await signIn(portal)
    const { body } = await get(portal, `${accountsPath}?NextToken=&MaxResults=100`, token)
    expect(body.Accounts).toHaveLength(100)
    for (const size of ['0', '101', '-1', 'x', '', '1.5']) {
      const { status } = await get(portal, `${accountsPath}?MaxResults=${size}`, token)
      expect([size, status]).toEqual([size, 400])
    }
  })

  test('a NextToken of another list, or an invented one, is refused', async () => {
    const portal = await portalWith({ directory: makeDirectory(3), approve: 'auto' })
    const token = await signIn(portal)
    const { body } = await get(portal, `${accountsPath}?MaxResults=1`, token)
    const id = portal.directory.accounts[0]?.AccountId
    const configurations = `/access-assignments/access-configurations?AccountId=${id}`
    expect((await get(portal, `${configurations}&NextToken=${body.NextToken}`, token)).status).toBe(400)
    expect((await get(portal, `${accountsPath}?NextToken=invented`, token)).status).toBe(400)
    expect((await get(portal, `${accountsPath}?MaxResults=1&MaxResults=2`, token)).status).toBe(400)
  })
})

describe('assignments', () => {
  test('access configurations of an account, and of one that is not assigned', async () => {
    const portal = await portalWith({ approve: 'auto' })
    const token = await signIn(portal)
    const path = '/access-assignments/access-configurations'
    const account = portal.directory.accounts[1]
    const { body } = await get(portal, `${path}?AccountId=${account?.AccountId}`, token)
    expect(body.AccessConfigurationsForAccount).toEqual(account?.configurations)
    const other = await get(portal, `${path}?AccountId=1`, token)
    expect([other.status, other.body.ErrorCode]).toEqual([403, 'Forbidden'])
    expect((await get(portal, path, token)).status).toBe(400)
  })

  test('credentials of another user are 403', async () => {
    const portal = await portalWith({ approve: 'auto' })
    const token = await signIn(portal)
    const mixed = {
      ...assignment(portal, 0),
      AccessConfigurationId: assignment(portal, 1).AccessConfigurationId,
    }
    const answer = await post(portal, '/cloud-credentials', mixed, bearer(token))
    expect([answer.status, answer.body.ErrorCode]).toEqual([403, 'Forbidden'])
  })
})

describe('cloud credentials', () => {
  test('are shaped as captured, and every secret is kept in `issued`', async () => {
    const portal = await portalWith({ sessionSeconds: 900 })
    const login = await beginLogin(portal)
    portal.approve(login.userCode)
    const token = String((await login.poll()).body.AccessToken)
    const answer = await post(portal, '/cloud-credentials', assignment(portal), bearer(token))
    const credential = answer.body.CloudCredential
    expect(Object.keys(credential)).toEqual(['AccessKeyId', 'AccessKeySecret', 'Expiration', 'SecurityToken'])
    expect(credential.AccessKeyId).toMatch(/^STS\./)
    expect(credential.Expiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const lifeMs = Date.parse(credential.Expiration) - Date.now()
    expect(lifeMs).toBeGreaterThan(880_000)
    expect(lifeMs).toBeLessThanOrEqual(900_000)
    expect(credential.SecurityToken).toHaveLength(800)
    for (const char of ['+', '/', '=']) expect(credential.SecurityToken).toContain(char)
    expect(portal.issued).toEqual([
      { kind: 'device-code', value: login.request.DeviceCode },
      { kind: 'access-token', value: token },
      { kind: 'access-key-secret', value: credential.AccessKeySecret },
      { kind: 'security-token', value: credential.SecurityToken },
    ])
    expect(portal.receivedVerifiers).toEqual([login.request.CodeVerifier])
  })

  test('a server clock that is wrong shows in Date and in Expiration alike', async () => {
    const portal = await portalWith({ approve: 'auto', dateOffsetSeconds: 86_400 })
    const token = await signIn(portal)
    const ahead = await post(portal, '/cloud-credentials', assignment(portal), bearer(token))
    const aheadSeconds = (Date.parse(String(ahead.headers.get('date'))) - Date.now()) / 1000
    expect(Math.abs(aheadSeconds - 86_400)).toBeLessThan(5)
    const expirySeconds = (Date.parse(ahead.body.CloudCredential.Expiration) - Date.now()) / 1000
    expect(Math.abs(expirySeconds - 90_000)).toBeLessThan(5)
    portal.dateOffsetSeconds = -600
    const behind = await get(portal, accountsPath, token)
    const behindSeconds = (Date.parse(String(behind.headers.get('date'))) - Date.now()) / 1000
    expect(Math.abs(behindSeconds + 600)).toBeLessThan(5)
  })
})
