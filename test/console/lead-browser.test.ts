import { expect, test, vi } from 'vitest'
import { leadBrowserToConsole } from '../../src/console/index.ts'
import { silentLog } from '../../src/kit/log.ts'
import { isListening } from '../support/handed-browser.ts'
import { openLoopbackBrowser } from '../support/loopback-browser.ts'
import { pacedClock } from '../support/paced-clock.ts'

const target = 'https://signin.aliyun.com/federation?SigninToken=x'

/** Leads a browser that a test plays; what came of it is an outcome, not a rejection. */
function lead({ signIn = async () => target, controller = new AbortController() } = {}) {
  const clock = pacedClock()
  const show = vi.fn<(url: string, deadlineMs: number) => Promise<void>>(async () => {})
  const outcome = leadBrowserToConsole({
    signIn,
    show,
    clock,
    log: silentLog,
    signal: controller.signal,
  }).then(
    () => 'led',
    (error: unknown) => error,
  )
  const shown = async () => {
    await vi.waitFor(() => expect(show).toHaveBeenCalled())
    return String(show.mock.calls[0]?.[0])
  }
  return { clock, show, outcome, shown, controller }
}

test('the token is asked for last, and the browser has the 30 s that it lives', async () => {
  const asked: string[] = []
  const { clock, show, shown, outcome } = lead({
    signIn: async () => {
      asked.push('token')
      return target
    },
  })
  const url = await shown()
  expect(asked).toEqual(['token'])
  expect(show.mock.calls[0]?.[1]).toBe(clock.monotonicMs() + 30_000)
  await clock.pass(29_999)
  expect((await openLoopbackBrowser().ask(url)).headers.location).toBe(target)
  expect(await outcome).toBe('led')
  expect(await isListening(new URL(url))).toBe(false)
})

test('a browser that does not come in time finds nothing any more', async () => {
  const { clock, shown, outcome } = lead()
  const url = await shown()
  await clock.pass(30_000)
  expect(await outcome).toMatchObject({
    code: 'ERR_DEVICE_CODE_EXPIRED',
    hint: expect.stringContaining('--print'),
  })
  expect(await isListening(new URL(url))).toBe(false)
})

test('no address is shown when there is no token', async () => {
  const failure = new Error('refused')
  const { show, outcome } = lead({ signIn: () => Promise.reject(failure) })
  expect(await outcome).toBe(failure)
  expect(show).not.toHaveBeenCalled()
})

test('an interruption is felt at once', async () => {
  const { shown, outcome, controller } = lead()
  const url = await shown()
  const reason = new Error('enough')
  controller.abort(reason)
  expect(await outcome).toBe(reason)
  expect(await isListening(new URL(url))).toBe(false)
})
