import { expect, test } from 'vitest'
import { leadBrowserToConsole } from '../../src/console/index.ts'
import { silentLog } from '../../src/kit/log.ts'
import { isListening } from '../support/handed-browser.ts'
import { openLoopbackBrowser } from '../support/loopback-browser.ts'
import { pacedClock } from '../support/paced-clock.ts'

const target = 'https://signin.aliyun.com/federation?SigninToken=x'

/** Leads a browser that a test plays; what came of it is an outcome, not a rejection. */
function lead({ signIn = async () => target, controller = new AbortController() } = {}) {
  const clock = pacedClock()
  const shows: { url: string; deadlineMs: number }[] = []
  let onShown = (_: string) => {}
  const shown = new Promise<string>((resolve) => {
    onShown = resolve
  })
  const show = async (url: string, deadlineMs: number) => {
    shows.push({ url, deadlineMs })
    onShown(url)
  }
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
  return { clock, shows, outcome, shown, controller }
}

test('the token is asked for last, and the browser has the 30 s that it lives', async () => {
  const asked: string[] = []
  const { clock, shows, shown, outcome } = lead({
    signIn: async () => {
      asked.push('token')
      return target
    },
  })
  const url = await shown
  expect(asked).toEqual(['token'])
  expect(shows).toEqual([{ url, deadlineMs: clock.monotonicMs() + 30_000 }])
  await clock.pass(29_999)
  expect((await openLoopbackBrowser().ask(url)).headers.location).toBe(target)
  expect(await outcome).toBe('led')
  expect(await isListening(new URL(url))).toBe(false)
})

test('a browser that does not come in time finds nothing any more', async () => {
  const { clock, shown, outcome } = lead()
  const url = await shown
  await clock.pass(30_000)
  expect(await outcome).toMatchObject({
    code: 'ERR_DEVICE_CODE_EXPIRED',
    hint: expect.stringContaining('--print'),
  })
  expect(await isListening(new URL(url))).toBe(false)
})

test('no address is shown when there is no token', async () => {
  const failure = new Error('refused')
  const { shows, outcome } = lead({ signIn: () => Promise.reject(failure) })
  expect(await outcome).toBe(failure)
  expect(shows).toEqual([])
})

test('an interruption is felt at once', async () => {
  const { shown, outcome, controller } = lead()
  const url = await shown
  const reason = new Error('enough')
  controller.abort(reason)
  expect(await outcome).toBe(reason)
  expect(await isListening(new URL(url))).toBe(false)
})
