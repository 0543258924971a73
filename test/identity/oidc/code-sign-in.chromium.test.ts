import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { runCodeFlow } from '../../../src/identity/index.ts'
import { silentLog } from '../../../src/log.ts'
import { startTestOidc, type TestOidc } from '../../support/oidc.ts'
import { discover } from './at-provider.ts'

let op: TestOidc
let browser: Browser
beforeAll(async () => {
  op = await startTestOidc()
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}, 60_000)
afterAll(async () => {
  await browser.close()
  await op.stop()
})

/** Signs in at the provider's pages until they let go; what the browser complains about is collected. */
async function signIn(decision: 'approve' | 'abort') {
  const page = await browser.newPage({ viewport: { width: 720, height: 480 } })
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const provider = await discover(op.issuer)
  let visiting: Promise<void> = Promise.resolve()
  const tokens = await runCodeFlow(provider, {
    clock: systemClock,
    log: silentLog,
    signal: AbortSignal.timeout(50_000),
    onStartUrl: (url) => {
      visiting = visit(page, url, decision)
    },
  }).catch((error: unknown) => error)
  await visiting
  return { page, complaints, tokens }
}

async function visit(page: Page, url: string, decision: 'approve' | 'abort'): Promise<void> {
  await page.goto(url)
  await page.locator('input[name=login]').fill('dev')
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[value=approve]').click()
  await page.locator(`button[value=${decision}]`).click()
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/(?:done|denied|failed)$/)
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
  // Nothing that the browser kept leads back to the code, and nobody answers there any more.
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
