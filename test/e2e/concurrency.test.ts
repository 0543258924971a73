import { describe, expect, test, vi } from 'vitest'
import { type Keyring, startKeyring } from '../support/keyring.ts'
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
    '50 of them: one sign-in, one exchange, 50 times the same credentials',
    { timeout: patience },
    inWorld({}, async ({ portal, home }) => {
      expectAllSame(await atOnce(50, () => home.run(['login'])))
      expectOneSignIn(portal)
      expect(home.locks()).toEqual([])
    }),
  )

  test('20 of them with a real keychain', { timeout: patience }, async () => {
    const keyring: Keyring = await startKeyring({ mode: 'unlocked' })
    try {
      const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
      await inWorld(
        {},
        async ({ portal, home }) => {
          expectAllSame(await atOnce(20, () => home.run(['login'])))
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
    '30 profiles of one directory: one sign-in, and the configuration holds all 30',
    { timeout: patience },
    inWorld({}, async (world) => {
      const { home } = world
      const results = await atOnce(30, (i) => home.run(['login', '--profile', `p${i}`]))
      for (const { code, stderr } of results) expect(code, stderr).toBe(0)
      expect(Object.keys(home.config().profiles)).toHaveLength(30)
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
      const listed = JSON.parse((await home.run(['profile', 'list', '--json'])).stdout)
      expect(listed.every(({ status }: { status: string }) => status === 'valid')).toBe(true)
      expect(home.locks()).toEqual([])
    }),
  )
})

describe('[case 45] [case 46] a holder that dies', () => {
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
        expect(stderr).not.toMatch(/makes no sense|cannot be read/)
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
      await home.run(['configure', '--profile', 'default', '--signin-url', portal.signInUrl])
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
      await home.run(['login'])
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
      await home.run(['login'])
      const results = await atOnce(10, (i) => home.run([i % 2 === 0 ? 'login' : 'logout']))
      for (const { code, stderr } of results) expect(code, stderr).toBe(0)
      expect((await home.run(['login'])).code).toBe(0)
      expect(home.locks()).toEqual([])
    }),
  )
})
