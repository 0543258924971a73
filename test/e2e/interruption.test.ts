import { describe, expect, test, vi } from 'vitest'
import type { CloudSsoRoute } from '../../mocks/index.ts'
import type { Running } from '../support/sesame.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const

/** A guard against hanging: what is interrupted here would go on for a minute or for ever. */
const promptlyMs = 20_000

/** Sends a signal and says how the program ended, and how soon. */
async function interrupt({ child, finished }: Running, signal: NodeJS.Signals) {
  const sentAt = performance.now()
  child.kill(signal)
  const { code, stdout } = await finished
  return { code, stdout, ms: performance.now() - sentAt }
}

/** The next login gets to its sign-in without waiting for anybody. */
async function expectFreeLock({ home }: World): Promise<void> {
  expect(home.locks()).toEqual([])
  const next = home.start(['login'])
  await next.stderrMatches(/user_code=/)
  next.child.kill()
  expect((await next.finished).stderr).not.toContain('Waiting for another sesame')
}

async function untilAsked(world: World, route: CloudSsoRoute): Promise<void> {
  await vi.waitFor(() => expect(countCalls(world, route)).toBeGreaterThan(0), 10_000)
}

describe.each(signals)('[case 8] %s', (signal, exitCode) => {
  test(
    'while waiting for the person',
    inWorld({ approve: 'manual', intervalSeconds: 60 }, async (world) => {
      const running = world.home.start(['login'])
      await running.stderrMatches(/Waiting for your approval/)
      const { code, stdout, ms } = await interrupt(running, signal)
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
      expect(ms).toBeLessThan(promptlyMs)
      expect(world.home.items()).toEqual([])
      await expectFreeLock(world)
    }),
  )

  test(
    'while a poll hangs',
    inWorld({}, async (world) => {
      world.portal.fault('POST /token', { kind: 'hang' })
      const running = world.home.start(['login'])
      await untilAsked(world, 'POST /token')
      const { code, stdout, ms } = await interrupt(running, signal)
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
      expect(ms).toBeLessThan(promptlyMs)
      expect(world.home.items()).toEqual([])
      await expectFreeLock(world)
    }),
  )
})

test(
  '[case 8] while the first request hangs, and while the exchange does',
  inWorld({}, async (world) => {
    for (const route of ['POST /device-authorization', 'POST /cloud-credentials'] as const) {
      world.portal.fault(route, { kind: 'hang' })
      const running = world.home.start(['login'])
      await untilAsked(world, route)
      const { code, ms } = await interrupt(running, 'SIGINT')
      expect(code).toBe(130)
      expect(ms).toBeLessThan(promptlyMs)
      expect(world.home.locks()).toEqual([])
    }
    // The person had approved by then: the sign-in is kept, and no credentials are.
    expect(world.home.items().map(({ key }) => key.split(':')[0])).toEqual(['token'])
  }),
)

test(
  '[case 8] [case 44] while waiting for another login: that one goes on',
  inWorld({ approve: 'manual' }, async (world) => {
    const first = world.home.start(['login'])
    const [, userCode = ''] = await first.stderrMatches(/user_code=(\w{4}-\w{4})/)
    const second = world.home.start(['login'])
    await second.stderrMatches(new RegExp(`Waiting for another sesame \\(process ${first.child.pid}\\)`))
    const { code, stdout, ms } = await interrupt(second, 'SIGINT')
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(ms).toBeLessThan(promptlyMs)
    world.portal.approve(userCode)
    expect(await first.finished).toMatchObject({ code: 0 })
  }),
)
