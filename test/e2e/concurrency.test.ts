import { describe, expect, test, vi } from 'vitest'
import { type Keyring, startKeyring } from '../support/keyring.ts'
import {
  ageTokens,
  configureCorp,
  inOidcWorld,
  must,
  type OidcWorld,
  roleArn,
} from '../support/oidc-world.ts'
import type { TestPortal } from '../support/portal.ts'
import { secretItems } from '../support/secret-items.ts'
import type { Finished } from '../support/sesame.ts'
import { countCalls, inWorld } from '../support/world.ts'

const patience = 120_000

function expectAllSame(results: readonly Finished[]): void {
  for (const { code, stdout, stderr } of results) {
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(results[0]?.stdout)
  }
}

function atOnce(count: number, run: (index: number) => Promise<Finished>): Promise<Finished[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => run(index)))
}

function expectOneSignIn(portal: TestPortal): void {
  expect(portal.calls().filter((call) => call.startsWith('POST'))).toEqual([
    'POST /device-authorization',
    'POST /token',
    'POST /cloud-credentials',
  ])
  expect(portal.violations).toEqual([])
}

describe('[case 44] logins at once with nothing cached', () => {
  test(
    '20 of them: one sign-in, one exchange, 20 times the same credentials',
    { timeout: patience },
    inWorld({}, async ({ portal, home }) => {
      expectAllSame(await atOnce(20, () => home.run(['login'])))
      expectOneSignIn(portal)
      expect(home.locks()).toEqual([])
    }),
  )

  test('12 of them with a real keychain', { timeout: patience }, async () => {
    const keyring: Keyring = await startKeyring({ mode: 'unlocked' })
    try {
      const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
      await inWorld(
        {},
        async ({ portal, home }) => {
          expectAllSame(await atOnce(12, () => home.run(['login'])))
          expectOneSignIn(portal)
          expect(
            secretItems(keyring)
              .names.map((name) => name.split(':')[0])
              .sort(),
          ).toEqual(['credentials', 'token'])
        },
        { DBUS_SESSION_BUS_ADDRESS },
      )()
    } finally {
      await keyring.stop()
    }
  })

  test(
    '12 profiles of one directory: one sign-in, and the configuration holds all 12',
    { timeout: patience },
    inWorld({}, async (world) => {
      const { home } = world
      const results = await atOnce(12, (i) => home.run(['login', '--profile', `p${i}`]))
      for (const { code, stderr } of results) expect(code, stderr).toBe(0)
      expect(Object.keys(home.config().profiles)).toHaveLength(12)
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
      const listed = JSON.parse((await home.run(['profile', 'list', '--json'])).stdout)
      expect(listed.every(({ status }: { status: string }) => status === 'valid')).toBe(true)
      expect(home.locks()).toEqual([])
    }),
  )
})

describe('[case 45] [case 46] a holder that is killed', () => {
  test(
    'by SIGKILL while it waits for the person: the next one takes over at once and says nothing odd',
    inWorld({ approve: 'manual' }, async ({ portal, home }) => {
      const first = home.start(['login'])
      await first.stderrMatches(/user_code=/)
      const second = home.start(['login'])
      await second.stderrMatches(/Waiting for another sesame/)
      first.child.kill('SIGKILL')
      const [, userCode = ''] = await second.stderrMatches(/user_code=(\w{4}-\w{4})/)
      portal.approve(userCode)
      expect(await second.finished).toMatchObject({ code: 0 })
      expect(home.locks()).toEqual([])
      expect((await home.run(['login'])).stderr).toBe('')
    }),
  )

  test(
    'at any moment of a login: the next one always succeeds',
    { timeout: patience },
    inWorld({}, async ({ home }) => {
      for (const afterMs of [60, 120, 180, 250, 320, 400, 500]) {
        const running = home.start(['login', '--force'])
        setTimeout(() => running.child.kill('SIGKILL'), afterMs)
        await running.finished
        const { code, stdout, stderr } = await home.run(['login'])
        expect(code, stderr).toBe(0)
        expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
        expect(stderr).not.toMatch(/[Mm]alformed|cannot be read/)
      }
    }),
  )
})

describe('[case 47] logout beside a login', () => {
  test(
    'waits for it, and then nothing is left',
    inWorld({ approve: 'manual' }, async ({ portal, home }) => {
      const login = home.start(['login'])
      const [, userCode = ''] = await login.stderrMatches(/user_code=(\w{4}-\w{4})/)
      await home.prepare(['configure', '--profile', 'default', '--signin-url', portal.signInUrl])
      const logout = home.start(['logout'])
      await logout.stderrMatches(/Waiting for another sesame/)
      portal.approve(userCode)
      expect(await login.finished).toMatchObject({ code: 0 })
      const { code, stderr } = await logout.finished
      expect(code, stderr).toBe(0)
      expect(home.items()).toEqual([])
    }),
  )

  test(
    'an exchange under way does not bring the session back',
    inWorld({ latencyMs: 300 }, async (world) => {
      const { home } = world
      await home.prepare(['login'])
      home.change(({ key, value }) =>
        key.startsWith('credentials') ? { ...value, expiresAt: value.obtainedAt } : value,
      )
      const login = home.start(['login'])
      await vi.waitFor(() => expect(countCalls(world, 'POST /cloud-credentials')).toBe(2), 10_000)
      const logout = await home.run(['logout'])
      expect(await login.finished).toMatchObject({ code: 0 })
      expect(logout.code, logout.stderr).toBe(0)
      expect(home.items()).toEqual([])
    }),
  )

  test(
    'ten logins and logouts in any order leave a store that the next login can use',
    { timeout: patience },
    inWorld({}, async ({ home }) => {
      await home.prepare(['login'])
      const results = await atOnce(10, (i) => home.run([i % 2 === 0 ? 'login' : 'logout']))
      for (const { code, stderr } of results) expect(code, stderr).toBe(0)
      expect((await home.run(['login'])).code).toBe(0)
      expect(home.locks()).toEqual([])
    }),
  )
})

const accessKeyId = ({ stdout }: Finished) => JSON.parse(stdout).access_key_id
const logged = ({ oidc }: OidcWorld, kind: string) => oidc.log.filter((event) => event.kind === kind)
const many = (count: number, run: () => Promise<Finished>) => Promise.all(Array.from({ length: count }, run))

/** All succeed with the same result. */
function expectOneResult(all: readonly Finished[]): void {
  for (const { code, stderr } of all) expect(code, stderr).toBe(0)
  expect(new Set(all.map(accessKeyId)).size).toBe(1)
}

describe('many at once', () => {
  test(
    '[case 43] 12 processes with expired tokens and a rotating refresh token: one rotation, no invalid_grant, all succeed',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await must(world.home.prepare(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      expectOneResult(await many(12, () => world.home.run(['credentials', '--profile', 'corp'])))
      expect(logged(world, 'refresh-rotated')).toHaveLength(1)
      expect(logged(world, 'refused')).toEqual([])
      expect(world.sts.answered()).toHaveLength(2)
      expect(world.home.locks()).toEqual([])
    }),
  )

  test(
    '[case 43] profiles of one provider share the sign-in: 12 processes of two roles make one rotation',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await configureCorp(world, { name: 'tokens', role: false })
      await must(world.home.prepare(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      let turn = 0
      const all = await many(12, () =>
        world.home.run(
          turn++ % 2 === 0
            ? ['credentials', '--profile', 'corp']
            : ['token', 'get', '--id', '--profile', 'tokens'],
        ),
      )
      for (const { code, stderr } of all) expect(code, stderr).toBe(0)
      expect(logged(world, 'refresh-rotated')).toHaveLength(1)
      expect(logged(world, 'refused')).toEqual([])
    }),
  )

  test(
    '[case 44] 12 logins that find nothing: one sign-in',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      expectOneResult(await many(12, () => world.home.run(['login', '--profile', 'corp'])))
      expect(world.oidc.calls().filter((call) => call === 'POST /device/auth')).toHaveLength(1)
      expect(world.sts.answered()).toHaveLength(1)
      expect(world.oidc.violations).toEqual([])
    }),
  )

  test(
    'a chain of three roles across 12 processes: one call for each link',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, sts } = world
      await configureCorp(world)
      for (const [name, source] of [
        ['deployer', 'corp'],
        ['auditor', 'deployer'],
      ] as const) {
        const words = ['--source-profile', source, '--role-arn', roleArn(name), '--sts-endpoint', sts.url]
        await must(home.prepare(['configure', '--profile', name, ...words, '--external-id', 'audit-2026']))
      }
      await must(home.prepare(['login', '--profile', 'auditor']))
      ageTokens(world, 'credentials', -1000)
      const before = sts.calls.length
      expectOneResult(await many(12, () => home.run(['credentials', '--profile', 'auditor'])))
      expect(sts.calls.slice(before).map(({ action }) => action)).toEqual([
        'AssumeRoleWithOIDC',
        'AssumeRole',
        'AssumeRole',
      ])
      expect(home.locks()).toEqual([])
    }),
  )

  test(
    '[case 47] a logout while another process renews does not bring the session back',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, oidc } = world
      await configureCorp(world)
      await must(home.prepare(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const renewals = many(5, () => home.run(['credentials', '--profile', 'corp']))
      await must(home.run(['logout', '--profile', 'corp']))
      await renewals
      await must(home.run(['logout', '--profile', 'corp']))
      expect(home.items()).toEqual([])
      expect((await home.run(['credentials', '--profile', 'corp'])).code).toBe(3)
      expect(oidc.violations).toEqual([])
    }),
  )
})
