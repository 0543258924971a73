import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { makeDirectory } from '../../mocks/index.ts'
import { must } from '../support/oidc-world.ts'
import { startTmux } from '../support/tmux.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

const route = 'GET /access-assignments/access-configurations'
const configOf = ({ home }: World) => readFileSync(join(home.directory, 'config.json'), 'utf8')

describe('an interrupted sync', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s in the middle of the list leaves the configuration as it was', (signal, exitCode) =>
    inWorld({ directory: makeDirectory(100) }, async (world) => {
      const { home, portal } = world
      const before = configOf(world)
      const when = () => countCalls(world, route) > 40
      portal.fault(route, { kind: 'hang' }, { when, times: Number.POSITIVE_INFINITY })
      const running = home.start(['profile', 'sync'])
      await vi.waitFor(() => expect(countCalls(world, route)).toBeGreaterThan(40), 30_000)
      running.child.kill(signal)
      expect(await running.finished).toMatchObject({ code: exitCode, stdout: '' })
      expect(configOf(world)).toBe(before)
      expect(home.locks()).toEqual([])
      portal.clearFaults()
      await must(home.run(['profile', 'sync']))
      // The sign-in was not lost.
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
    })(),
  )
})

describe('on a terminal', () => {
  test(
    'a bar shows how far the list has come, and leaves nothing behind',
    inWorld({ directory: makeDirectory(100) }, async (world) => {
      const { home, portal } = world
      await must(home.prepare(['login', '--account-id', 'development', '--access-config', 'ReadOnly']))
      const terminal = await startTmux({ home: home.home, env: { SESAME_STORE: 'plaintext' } })
      try {
        const when = () => countCalls(world, route) > 61
        portal.fault(route, { kind: 'hang' }, { when, times: 16 })
        await terminal.enter('sesame profile sync --match "dev*" --no-browser')
        const screen = await terminal.shows(/[█░#-]{24} \d+\/100 accounts/)
        expect(screen).not.toContain('created')
        await terminal.press('C-c')
        await terminal.shows(/\n\[130\]\$$/)
        portal.clearFaults()
        await terminal.clear()
        await terminal.enter('sesame profile sync --match "dev*" --no-browser')
        const done = await terminal.shows(/\n\[0\]\$$/)
        expect(done).toMatch(/^created {2}development-Administrator: development \(\d+\), Administrator$/m)
        expect(done).toMatch(/^Created \d+, changed 0, pruned 0, kept 0 profiles\.$/m)
        expect(done).not.toMatch(/\/100 accounts/)
        expect(await terminal.ask('#{cursor_flag}')).toBe('1')
      } finally {
        await terminal.stop()
      }
    }),
  )
})
