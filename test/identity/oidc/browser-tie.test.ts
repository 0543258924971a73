import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCodeFlow, type TokenSet } from '../../../src/identity/index.ts'
import { createBrowserTie } from '../../../src/identity/oidc/browser-tie.ts'
import { type Clock, systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { requestText, sendRaw, statusOf } from '../../credentials-server/support/raw-request.ts'
import { backTo, openLoopbackBrowser } from '../../support/loopback-browser.ts'
import { getAsOtherUser, needOtherUser } from '../../support/other-user.ts'
import { discover } from './at-provider.ts'
import { type ForgingProvider, startForgingProvider } from './forging-provider.ts'

let op: ForgingProvider
beforeAll(async () => {
  op = await startForgingProvider()
})
afterAll(() => op.close())
beforeEach(() => {
  op.clear()
  op.requests.length = 0
})

/** A sign-in that is waiting for a browser. */
async function wait(options: { clock?: Clock } = {}) {
  const provider = await discover(op.issuer)
  const { promise: start, resolve } = settle<URL>()
  const tokens = runCodeFlow(provider, {
    clock: systemClock,
    log: silentLog,
    signal: AbortSignal.timeout(30_000),
    onStartUrl: (url) => resolve(new URL(url)),
    ...options,
  })
  return { start: await start, tokens }
}

function settle<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settled) => {
    resolve = settled
  })
  return { promise, resolve }
}

/** What the provider sends the browser back with, once it is clear who signed in there. */
async function answerTo(authorizationUrl: URL): Promise<URL> {
  const nonce = authorizationUrl.searchParams.get('nonce')
  op.answerWith({ id_token: await op.sign(op.claims({ nonce })) })
  return backTo(authorizationUrl, { code: 'code-of-the-forger', iss: op.issuer })
}

/** The rest of a good sign-in: nothing that came before has disturbed it. */
async function signInAt(start: URL, tokens: Promise<TokenSet>): Promise<void> {
  const browser = openLoopbackBrowser()
  const { page } = await browser.browse(await answerTo(await browser.begin(start)))
  expect(page).toBe('/done')
  expect((await tokens).accessToken.reveal()).toBe('access-token-of-the-forger')
}

const redeemed = () => op.requests.some(({ path }) => path === '/token')

describe('[case 105] the start address', () => {
  test('leads to the provider, with a cookie for the callback alone; nothing of it is kept or passed on', async () => {
    const { start, tokens } = await wait()
    expect(start.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/)
    const browser = openLoopbackBrowser()
    const { status, headers, body } = await browser.ask(start)
    expect({ status, body }).toEqual({ status: 303, body: '' })
    expect(headers).toMatchObject({
      location: expect.stringMatching(`^${op.issuer}/auth\\?`),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^sesame-[\w-]{8}=[\w-]{43}; Max-Age=600; Path=\/callback; HttpOnly; SameSite=Lax$/,
      ),
    ])
    const { headers: last } = await browser.ask(await answerTo(new URL(String(headers.location))))
    expect(last['set-cookie']).toEqual([
      expect.stringMatching(/^sesame-[\w-]{8}=; Max-Age=0; Path=\/callback;/),
    ])
    await tokens
  })

  test('no two sign-ins share anything of it', async () => {
    const [one, two] = [createBrowserTie('/callback', 1), createBrowserTie('/callback', 1)]
    const cookie = (tie: typeof one) => tie.setCookie.split(';')[0] ?? ''
    expect(one.isHeldBy(`a=b; ${cookie(one)}; c`)).toBe(true)
    expect(one.isHeldBy(cookie(two))).toBe(false)
    expect(one.isStart(two.startPath)).toBe(false)
    const [name = '', value = ''] = cookie(one).split('=')
    for (const held of [
      undefined,
      '',
      name,
      `${name}=`,
      `x${name}=${value}`,
      `${name}=${value}x`,
      `x=${value}`,
    ])
      expect(one.isHeldBy(held)).toBe(false)
  })

  test('works once: the next one gets a page that says so, and the first browser goes on', async () => {
    const { start, tokens } = await wait()
    const first = openLoopbackBrowser()
    const authorizationUrl = await first.begin(start)
    const second = openLoopbackBrowser()
    const { status, headers, body } = await second.ask(start)
    expect(status).toBe(410)
    expect(headers).not.toHaveProperty('set-cookie')
    expect(headers).not.toHaveProperty('location')
    expect(body).toContain('This address was used already')
    expect(body).toContain('run the login in the terminal again')
    expect(body).not.toContain(op.issuer)
    expect((await first.browse(await answerTo(authorizationUrl))).page).toBe('/done')
    await tokens
  })

  test.each<[string, number, { method?: string; host?: string; headers?: Record<string, string> }]>([
    ['HEAD, as scanners of links send it', 405, { method: 'HEAD' }],
    ['POST', 405, { method: 'POST' }],
    ['OPTIONS', 405, { method: 'OPTIONS' }],
    ['another Host (DNS rebinding)', 403, { host: 'evil.example' }],
    ['a Host without the port', 403, { host: '127.0.0.1' }],
    ['a prefetch of Chromium', 503, { headers: { 'sec-purpose': 'prefetch' } }],
    ['a prerendering', 503, { headers: { 'Sec-Purpose': 'prefetch;prerender' } }],
    ['a prefetch of old', 503, { headers: { purpose: 'prefetch' } }],
    ['a prefetch of Firefox', 503, { headers: { 'x-moz': 'prefetch' } }],
    ['a preview of Safari', 503, { headers: { 'x-purpose': 'preview' } }],
    ['an image', 403, { headers: { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' } }],
    ['a frame', 403, { headers: { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' } }],
    ['a script', 403, { headers: { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' } }],
  ])('is not used up by %s: %i', async (_, status, options) => {
    const { start, tokens } = await wait()
    const answer = await openLoopbackBrowser().ask(start, options)
    expect(answer.status).toBe(status)
    expect(answer.headers).not.toHaveProperty('location')
    expect(answer.headers).not.toHaveProperty('set-cookie')
    await signInAt(start, tokens)
  })

  test('[case 116] is not used up by malformed requests, nor by two Host headers: 400', async () => {
    const { start, tokens } = await wait()
    const port = Number(start.port)
    const host = `Host: ${start.host}`
    const requests = [
      requestText(start.pathname, [host, host]),
      requestText(start.pathname, [host, 'Host: evil.example']),
      requestText(start.pathname, [...Array.from({ length: 2_500 }, () => 'a:'), host, host]),
      requestText(start.pathname, []),
      requestText(start.pathname, [host, 'Transfer-Encoding: chunked', 'Content-Length: 5']),
      requestText(start.pathname, [host, 'no colon']),
      requestText(start.pathname, [host], { method: 'STEAL' }),
      requestText(start.pathname, [host], { version: '9.9' }),
      `GET ${start.pathname}\r\n\r\n`,
      '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n',
    ]
    for (const bytes of requests) expect([bytes, statusOf(await sendRaw(port, bytes))]).toEqual([bytes, 400])
    const huge = requestText(start.pathname, [host, `Cookie: ${'x'.repeat(100_000)}`])
    expect([431, undefined]).toContain(statusOf(await sendRaw(port, huge)))
    await signInAt(start, tokens)
  })

  test('a process of another user gets a page that says so, and uses nothing up', async (context) => {
    needOtherUser(context)
    const { start, tokens } = await wait()
    const { status, headers, body } = await getAsOtherUser(start.href)
    expect(status).toBe(403)
    expect(body).toContain('Sign-in of another user')
    expect(headers).not.toHaveProperty('location')
    expect(headers).not.toHaveProperty('set-cookie')
    await signInAt(start, tokens)
  })
})

describe('[case 105] the answer', () => {
  test('of a browser that did not begin here is not used: its page says what to do, and the wait goes on', async () => {
    const { start, tokens } = await wait()
    const browser = openLoopbackBrowser()
    const authorizationUrl = await browser.begin(start)
    // The attacker has signed in as himself and leads the victim's browser, or his own, to where it ends.
    const { status, body, headers } = await openLoopbackBrowser().ask(await answerTo(authorizationUrl))
    expect(status).toBe(400)
    expect(body).toContain('Your browser sent no cookie')
    expect(body).toContain('Allow that cookie, then run the login in the terminal again')
    expect(headers['cache-control']).toBe('no-store')
    expect(redeemed()).toBe(false)
    expect((await browser.browse(await answerTo(authorizationUrl))).page).toBe('/done')
    await tokens
  })

  test('with the cookie of another sign-in, or a planted one, is not used; one browser can be in two', async () => {
    const [one, two] = [await wait(), await wait()]
    const browser = openLoopbackBrowser()
    const led = await browser.begin(one.start)
    const other = await browser.ask(two.start)
    const stranger = openLoopbackBrowser()
    for (const cookie of [String(other.headers['set-cookie']).split(';')[0] ?? '', 'sesame=1', 'sesame-=']) {
      const { status } = await stranger.ask(await answerTo(led), { headers: { cookie } })
      expect(status).toBe(400)
    }
    expect(redeemed()).toBe(false)
    for (const url of [led, new URL(String(other.headers.location))])
      expect((await browser.browse(await answerTo(url))).page).toBe('/done')
    await Promise.all([one.tokens, two.tokens])
  })

  test('that is a denial counts with the cookie only: no other program ends the sign-in', async () => {
    const { start, tokens } = await wait()
    const browser = openLoopbackBrowser()
    const led = await browser.begin(start)
    const denial = backTo(led, { error: 'access_denied', iss: op.issuer })
    expect((await openLoopbackBrowser().ask(denial)).status).toBe(400)
    expect((await browser.browse(await answerTo(led))).page).toBe('/done')
    await tokens
  })

  test('is not taken from a prefetch', async () => {
    const { start, tokens } = await wait()
    const browser = openLoopbackBrowser()
    const callback = await answerTo(await browser.begin(start))
    expect((await browser.ask(callback, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503)
    expect((await browser.browse(callback)).page).toBe('/done')
    await tokens
  })

  test('without its cookie until the time is up: the terminal names the cookie', async () => {
    const { promise: timeIsUp, resolve: endTime } = settle<void>()
    const { start, tokens } = await wait({ clock: { ...systemClock, sleep: () => timeIsUp } })
    const failed = expect(tokens).rejects.toMatchObject({
      code: 'ERR_DEVICE_CODE_EXPIRED',
      hint: 'The browser came back without the cookie that it was given. Allow cookies of 127.0.0.1, or use --flow device.',
    })
    const led = await openLoopbackBrowser().begin(start)
    expect((await openLoopbackBrowser().ask(await answerTo(led))).status).toBe(400)
    endTime()
    await failed
  })
})
