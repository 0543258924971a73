import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OidcClient, runCodeFlow } from '../../../src/identity/index.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { deferred } from '../../support/deferred.ts'
import { backTo, openLoopbackBrowser } from '../../support/loopback-browser.ts'
import { type PacedClock, pacedClock } from '../../support/paced-clock.ts'
import { discover } from './at-provider.ts'
import { type ForgingProvider, startForgingProvider } from './forging-provider.ts'

let op: ForgingProvider
beforeAll(async () => {
  op = await startForgingProvider()
})
afterAll(() => op.close())

let clock: PacedClock
let stop: AbortController
let lines: string[]
beforeEach(() => {
  clock = pacedClock()
  stop = new AbortController()
  lines = []
})

/** A sign-in whose browser has been given the start address. */
async function begin(client: Partial<OidcClient> = {}) {
  const provider = await discover(op.issuer, { scope: 'openid orders', ...client })
  const shown = deferred<string>()
  const ended = runCodeFlow(provider, {
    clock,
    log: silentLog,
    signal: stop.signal,
    onStartUrl: (url) => shown.resolve(url),
    onSilence: (line) => void lines.push(line),
  })
  ended.catch(() => undefined)
  return { start: new URL(await shown.promise), ended }
}

describe('[case 173] a provider that shows an error and leads no browser back', () => {
  test('after 30 s the user is given what to compare: redirect address, client, scope', async () => {
    const { start } = await begin()
    const { searchParams } = await openLoopbackBrowser().begin(start)
    await clock.pass(29_900)
    expect(lines).toEqual([])
    await clock.pass(200)
    expect(lines).toHaveLength(1)
    for (const part of [searchParams.get('redirect_uri'), 'sesame-cli', '"openid orders"', '--flow device'])
      expect(lines[0]).toContain(part)
    await clock.pass(300_000)
    expect(lines).toHaveLength(1)
    stop.abort(new Error('enough'))
    expect(lines).toHaveLength(1)
  })

  test('an interruption before that brings it at once', async () => {
    const { start, ended } = await begin()
    await openLoopbackBrowser().begin(start)
    const reason = new Error('enough')
    stop.abort(reason)
    await expect(ended).rejects.toBe(reason)
    expect(lines).toEqual([expect.stringContaining(`${start.origin}/callback`)])
  })

  test('at the end it is said once more, beside the failure', async () => {
    const { ended } = await begin()
    await clock.pass(600_000)
    await expect(ended).rejects.toMatchObject({
      code: 'ERR_DEVICE_CODE_EXPIRED',
      hint: expect.stringContaining('"openid orders"'),
    })
  })

  test('a port that is the client’s own is not to be changed', async () => {
    const { start } = await begin()
    const port = Number(start.port)
    stop.abort(new Error('enough'))
    expect(lines[0]).toContain('--redirect-port')
    lines = []
    stop = new AbortController()
    await expect
      .poll(() =>
        begin({ redirectPort: port }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    stop.abort(new Error('enough'))
    expect(lines[0]).toContain(`http://127.0.0.1:${port}/callback`)
    expect(lines[0]).not.toContain('--redirect-port')
  })

  test('a browser that has come back is waited for in silence', async () => {
    op.fault('POST /token', { kind: 'hang' })
    const { start, ended } = await begin()
    const browser = openLoopbackBrowser()
    const url = await browser.begin(start)
    void browser.ask(backTo(url, { code: 'c-1', iss: op.issuer })).catch(() => undefined)
    await expect.poll(() => op.requests.some(({ path }) => path === '/token')).toBe(true)
    await clock.pass(40_000)
    stop.abort(new Error('enough'))
    await expect(ended).rejects.toThrow('enough')
    expect(lines).toEqual([])
  })
})
