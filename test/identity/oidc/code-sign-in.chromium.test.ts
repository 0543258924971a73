import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { endSessionUrl, openEndSessionPage, runCodeFlow, type TokenSet } from '../../../src/identity/index.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { launchChromium } from '../../support/launch-chromium.ts'
import { startTestOidc, type TestOidc } from '../../support/oidc.ts'
import { discover } from './at-provider.ts'

let op: TestOidc
let gate: Server
let browser: Browser
beforeAll(async () => {
  // The provider is on another host, as real ones are: for browsers, ports are no difference between sites.
  gate = createServer((socket) => {
    const onward = connect(op.port, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const)
      one.on('error', () => other.destroy())
  }).listen(0, '127.0.0.2')
  await new Promise((listening) => gate.once('listening', listening))
  op = await startTestOidc({ publicUrl: `http://127.0.0.2:${(gate.address() as AddressInfo).port}` })
  browser = await launchChromium()
}, 60_000)
afterAll(async () => {
  await browser.close()
  gate.close()
  await op.stop()
})

beforeEach(() => {
  op.requests.length = 0
})

/** Starts a sign-in; gives its start address, and how it ends. */
async function begin() {
  const provider = await discover(op.issuer)
  let show: (url: string) => void = () => {}
  const shown = new Promise<string>((resolve) => {
    show = resolve
  })
  const stop = new AbortController()
  const ended = runCodeFlow(provider, {
    clock: systemClock,
    log: silentLog,
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(50_000)]),
    onStartUrl: show,
  }).catch((error: unknown) => error)
  return { start: await shown, ended, stop: () => stop.abort() }
}

/** Signs in at the provider's pages until they let go; what the browser complains about is collected. */
async function signIn(decision: 'approve' | 'abort') {
  const page = await browser.newPage({ viewport: { width: 720, height: 480 } })
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const { start, ended } = await begin()
  await visit(page, start, decision)
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/(?:done|denied|failed)$/)
  return { page, complaints, tokens: await ended }
}

async function visit(page: Page, url: string, decision: 'approve' | 'abort'): Promise<void> {
  await page.goto(url)
  await page.locator('input[name=login]').fill('dev')
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[value=approve]').click()
  await page.locator(`button[value=${decision}]`).click()
}

/** Names and attributes of the cookies that sesame has set. */
async function ownCookies(context: BrowserContext) {
  const all = await context.cookies()
  return all.filter(({ name }) => name.startsWith('sesame-'))
}

test('a person signs in with Chromium: the last page is plain, clean and keeps nothing', async () => {
  const { page, complaints, tokens } = await signIn('approve')
  expect(tokens).toMatchObject({ idToken: { userName: 'dev' } })
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are signed in')
  expect(await page.title()).toBe('You are signed in · sesame')
  expect(page.url()).toMatch(/\/done$/)
  expect(await page.evaluate('document.scripts.length + document.cookie.length')).toBe(0)
  // The style is applied under the page's own policy.
  expect(await page.evaluate('getComputedStyle(document.querySelector("main")).textAlign')).toBe('center')
  expect(complaints).toEqual([])
  // Nothing that the browser kept leads back to the code, and no server answers there any more.
  await page.goBack().catch(() => undefined)
  expect(page.url()).not.toContain('code=')
  await page.close()
})

test('a person denies with Chromium', async () => {
  const { page, complaints, tokens } = await signIn('abort')
  expect(tokens).toMatchObject({ code: 'ERR_ACCESS_DENIED' })
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign-in denied')
  expect(complaints).toEqual([])
  await page.close()
})

test('[case 105] the cookie outlives the way over another site, and is gone with the sign-in', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const { start, ended } = await begin()
  await page.goto(start)
  expect(new URL(page.url()).hostname).toBe('127.0.0.2')
  expect(await ownCookies(context)).toMatchObject([
    { domain: '127.0.0.1', path: '/callback', httpOnly: true, sameSite: 'Lax' },
  ])
  // The provider does not learn the start address.
  expect(await page.evaluate('document.referrer')).toBe('')
  await visit(page, page.url(), 'approve')
  await page.waitForURL(/\/done$/)
  expect(await ended).toMatchObject({ idToken: { userName: 'dev' } })
  expect(await ownCookies(context)).toEqual([])
  await context.close()
})

test('[case 105] the browser of the victim does not finish what an attacker has begun', async () => {
  const { start, ended, stop } = await begin()
  const [attacker, victim] = [await browser.newContext(), await browser.newContext()]
  const [his, hers] = [await attacker.newPage(), await victim.newPage()]
  // He gets as far as the answer, in a browser that never began, and leads her there.
  const asked = hers.waitForRequest((request) => request.url().startsWith(`${op.issuer}/auth?`))
  await hers.goto(start)
  const callback = his.waitForRequest(/\/callback\?/)
  await visit(his, (await asked).url(), 'approve')
  expect(await his.getByRole('heading').textContent()).toBe('Your browser sent no cookie')
  const answer = (await callback).url()
  await victim.clearCookies({ name: /^sesame-/ })
  await hers.goto(answer)
  expect(await hers.getByRole('heading').textContent()).toBe('Your browser sent no cookie')
  expect(await hers.getByRole('main').innerText()).toContain('Allow that cookie')
  expect(op.calls()).not.toContain('POST /token')
  stop()
  await ended
  await Promise.all([attacker.close(), victim.close()])
})

test('[case 105] an address that was used says so, also to a browser that looked ahead', async () => {
  const { start, ended, stop } = await begin()
  const context = await browser.newContext()
  const ahead = await context.newPage()
  expect(
    (await ahead.request.get(start, { headers: { 'sec-purpose': 'prefetch' }, maxRedirects: 0 })).status(),
  ).toBe(503)
  const [first, second] = [await context.newPage(), await context.newPage()]
  await first.goto(start)
  expect(new URL(first.url()).hostname).toBe('127.0.0.2')
  await second.goto(start)
  expect(await second.getByRole('heading').textContent()).toBe('This address was used already')
  stop()
  await ended
  await context.close()
})

test('[case 172] a browser posts the ID token to where its session ends', async () => {
  const { page, complaints, tokens } = await signIn('approve')
  const { idToken } = tokens as TokenSet
  const address = endSessionUrl(await discover(op.issuer)) ?? ''
  if (idToken === undefined) throw new Error('no ID token')
  const leaving = await openEndSessionPage({
    address,
    idToken: idToken.token,
    clock: systemClock,
    log: silentLog,
  })
  await page.goto(leaving.url)
  await expect.poll(() => op.requests.some(({ path }) => path === '/session/end')).toBe(true)
  expect(await leaving.fetched(30_000, AbortSignal.timeout(30_000))).toBe(true)
  leaving.close()
  await page.waitForLoadState()
  const posted = op.requests.find(({ method, path }) => `${method} ${path}` === 'POST /session/end')
  expect(posted?.body).toEqual({ client_id: 'sesame-cli', id_token_hint: idToken.token.reveal() })
  expect(posted?.status).toBe(200)
  expect(op.requests.some(({ queryAll }) => [...queryAll.values()].includes(idToken.token.reveal()))).toBe(
    false,
  )
  expect(complaints).toEqual([])
})
