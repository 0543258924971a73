import { describe, expect, test, vi } from 'vitest'
import type { CloudSsoRoute } from '../../mocks/index.ts'
import { isListening, redirectUriOf } from '../support/handed-browser.ts'
import { configureCorp, inOidcWorld, must, type OidcWorld } from '../support/oidc-world.ts'
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

/** The next login gets to its sign-in without waiting for another process. */
async function expectFreeLock({ home }: World): Promise<void> {
  expect(home.locks()).toEqual([])
  const next = home.start(['login'])
  await next.stderrMatches(/user_code=/)
  next.child.kill()
  expect((await next.finished).stderr).not.toContain('Waiting for another sesame')
}

async function untilAsked(world: World, route: CloudSsoRoute): Promise<void> {
  await vi.waitFor(() => expect(countCalls(world, route)).toBeGreaterThan(0), 30_000)
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
      // No token, and what goes on with the sign-in.
      expect(world.home.items().map(({ value }) => Object.keys(value))).toEqual([['v', 'pending']])
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
      // No token, and what goes on with the sign-in.
      expect(world.home.items().map(({ value }) => Object.keys(value))).toEqual([['v', 'pending']])
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

const corp = ['--profile', 'corp']
async function waitForBrowser({ home }: OidcWorld, options: object = {}) {
  const running = home.start(['login', ...corp, '--flow', 'code'], options)
  const [, address = ''] = await running.stderrMatches(/^ {2}(http\S+)\n(?:.*\n)*Waiting for your browser/m)
  return { running, address, waiting: redirectUriOf(address) }
}

describe.each(signals)('[case 8] %s in the code flow', (signal, exitCode) => {
  test(
    'while the browser is away: gone at once, the port with it, nothing stored, no lock',
    inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
      await configureCorp(world)
      const { running, waiting } = await waitForBrowser(world)
      expect(await isListening(waiting)).toBe(true)
      const { code, stdout, ms } = await interrupt(running, signal)
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
      expect(ms).toBeLessThan(promptlyMs)
      expect(await isListening(waiting)).toBe(false)
      expect(world.home.items()).toEqual([])
      expect(world.home.locks()).toEqual([])
    }),
  )
})

test(
  '[case 8] Ctrl-C while the code is being redeemed: the browser is let go, nothing stored',
  inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
    await configureCorp(world)
    const { oidc, home } = world
    oidc.fault('POST /token', { kind: 'hang' })
    const { running, address, waiting } = await waitForBrowser(world)
    const visiting = oidc.visit(address).catch((error: NodeJS.ErrnoException) => error.code)
    await vi.waitFor(() => expect(oidc.calls()).toContain('POST /token'), 30_000)
    const { code, stdout, ms } = await interrupt(running, 'SIGINT')
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(ms).toBeLessThan(promptlyMs)
    expect(await visiting).toBe('ECONNRESET')
    expect(await isListening(waiting)).toBe(false)
    expect(home.items()).toEqual([])
    expect(home.locks()).toEqual([])
  }),
)

test(
  '[case 8] Ctrl-C while discovery, keys and the exchange hang',
  inOidcWorld({}, async (world) => {
    await configureCorp(world)
    const { oidc, sts, home } = world
    for (const route of [
      'GET /.well-known/openid-configuration',
      'POST /device/auth',
      'GET /jwks',
    ] as const) {
      oidc.fault(route, { kind: 'hang' })
      const running = home.start(['login', ...corp])
      await vi.waitFor(() => expect(oidc.calls().at(-1)).toBe(route), 30_000)
      expect(await interrupt(running, 'SIGINT')).toMatchObject({ code: 130, stdout: '' })
      expect(home.items().filter(({ value }) => value.pending === undefined)).toEqual([])
      expect(home.locks()).toEqual([])
    }
    sts.fault('POST /', { kind: 'hang' })
    const running = home.start(['login', ...corp])
    await vi.waitFor(() => expect(sts.requests).toHaveLength(1), 30_000)
    const { code, ms } = await interrupt(running, 'SIGINT')
    expect(code).toBe(130)
    expect(ms).toBeLessThan(promptlyMs)
    // The person had agreed by then: the sign-in is kept, and no credentials are.
    expect(home.items().map(({ key }) => key.split(':')[0])).toEqual(['token'])
    const polls = () => oidc.calls().filter((call) => call.startsWith('POST'))
    const before = polls()
    await must(home.run(['login', ...corp]))
    expect(polls()).toEqual(before)
  }),
)

test(
  '[case 44] two logins at once: the second waits for the first, and no user is sent to a browser twice',
  inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
    await configureCorp(world)
    const { home, oidc } = world
    const first = await waitForBrowser(world)
    const second = home.start(['login', ...corp, '--flow', 'code'])
    const pid = first.running.child.pid
    await second.stderrMatches(new RegExp(`Waiting for another sesame \\(process ${pid}\\)`))
    await oidc.visit(first.address)
    const ended = await Promise.all([first.running.finished, second.finished])
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    expect(ended[1]?.stderr).not.toContain('browser of this machine')
    expect(ended[0]?.stdout).toBe(ended[1]?.stdout)
  }),
)
