import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { type CloudSso, type CloudSsoOptions, startCloudSso } from '../../mocks/index.ts'
import { beginLogin } from './portal-client.ts'

const open: CloudSso[] = []
const portalWith = async (options: CloudSsoOptions) => {
  const portal = await startCloudSso(options)
  open.push(portal)
  return portal
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((portal) => portal.close()))
})

test('the first poll must wait too, and each hasty one makes the wait grow', async () => {
  const portal = await portalWith({ intervalSeconds: 30, slowDownSeconds: 20 })
  const login = await beginLogin(portal)
  const hasty = await login.poll()
  expect([hasty.status, hasty.body.ErrorCode]).toEqual([400, 'SlowDown'])
  expect((await login.poll()).body.ErrorCode).toBe('SlowDown')
  expect(portal.violations).toMatchObject([
    { kind: 'poll-too-soon', userCode: login.userCode, requiredMs: 30_000 },
    { kind: 'poll-too-soon', userCode: login.userCode, requiredMs: 50_000 },
  ])
})

test('who waits the grown time is served again', async () => {
  const portal = await portalWith({ intervalSeconds: 0.05, slowDownSeconds: 0.1 })
  const login = await beginLogin(portal)
  await sleep(60)
  portal.slowDown()
  expect((await login.poll()).body.ErrorCode).toBe('SlowDown')
  await sleep(160)
  expect((await login.poll()).body.ErrorCode).toBe('AuthorizationPending')
  expect(portal.violations).toEqual([])
})

test('a patient client never gets slow_down', async () => {
  const portal = await portalWith({ intervalSeconds: 0.05 })
  const login = await beginLogin(portal)
  for (let i = 0; i < 3; i++) {
    await sleep(60)
    expect((await login.poll()).body.ErrorCode).toBe('AuthorizationPending')
  }
  expect(portal.violations).toEqual([])
})

test('by default the sent interval is the enforced one, and SlowDown adds 5 s', async () => {
  const portal = await portalWith({})
  const login = await beginLogin(portal)
  await login.poll()
  await login.poll()
  expect(portal.violations).toMatchObject([{ requiredMs: 5000 }, { requiredMs: 10_000 }])
})

test('enforcement off: recorded, not refused', async () => {
  const portal = await portalWith({ intervalSeconds: 60, enforceInterval: false })
  const login = await beginLogin(portal)
  expect((await login.poll()).body.ErrorCode).toBe('AuthorizationPending')
  expect(portal.violations).toMatchObject([{ kind: 'poll-too-soon', requiredMs: 60_000 }])
})

test('a poll that a fault answers counts as a poll', async () => {
  const portal = await portalWith({ intervalSeconds: 0.5 })
  const login = await beginLogin(portal)
  await sleep(510)
  portal.fault('POST /token', { kind: 'reset' })
  await expect(login.poll()).rejects.toThrow('fetch failed')
  expect(portal.violations).toEqual([])
  expect((await login.poll()).body.ErrorCode).toBe('SlowDown')
})

test('a second poll while the first is unanswered is too soon, however late', async () => {
  const portal = await portalWith({ intervalSeconds: 0.05 })
  const login = await beginLogin(portal)
  await sleep(60)
  portal.fault('POST /token', { kind: 'hang' })
  const first = login.poll().catch((error: Error) => error.message)
  await vi.waitFor(() => expect(portal.requests).toHaveLength(2))
  await sleep(60)
  expect((await login.poll()).body.ErrorCode).toBe('SlowDown')
  expect(portal.violations).toMatchObject([{ kind: 'poll-too-soon', waitedMs: 0 }])
  await portal.close()
  expect(await first).toBe('fetch failed')
})

test('a SlowDown on demand raises the wait that is enforced', async () => {
  const portal = await portalWith({ intervalSeconds: 0, slowDownSeconds: 30, approve: 'auto' })
  const login = await beginLogin(portal)
  portal.slowDown()
  expect((await login.poll()).body.ErrorCode).toBe('SlowDown')
  expect(portal.violations).toEqual([])
  expect((await login.poll()).body.ErrorCode).toBe('SlowDown')
  expect(portal.violations).toMatchObject([{ kind: 'poll-too-soon', requiredMs: 30_000 }])
})
