import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CloudSso } from '../../mocks/index.ts'
import { launchChromium } from '../support/launch-chromium.ts'
import { beginLogin, startPortal } from './portal-client.ts'

let browser: Browser
let portal: CloudSso
let page: Page
let complaints: string[]

beforeAll(async () => {
  browser = await launchChromium()
}, 30_000)
afterAll(() => browser.close())

beforeEach(async () => {
  portal = await startPortal()
  page = await browser.newPage()
  complaints = []
  // A violation of the content security policy is reported here.
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterEach(async () => {
  await page.close()
  await portal.close()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const heading = () => page.getByRole('heading', { level: 1 }).textContent()

test('approve: from the link to the token', async () => {
  const login = await beginLogin(portal)
  await page.goto(login.page)
  expect(await page.title()).toContain('Mock CloudSSO portal')
  const text = await page.getByRole('main').textContent()
  for (const shown of [
    login.userCode,
    'app-vaz16tltdxs96audqf35',
    '127.0.0.1',
    'UTC',
    'you did not start this',
  ]) {
    expect(text).toContain(shown)
  }
  await button('Approve').click()
  expect(await heading()).toBe('Request approved')
  expect(await page.getByRole('main').textContent()).toContain('You can close this window.')
  expect((await login.poll()).body.TokenType).toBe('Bearer')
  expect(complaints).toEqual([])
  // The page asked for nothing but itself.
  expect(new Set(portal.requests.map((request) => request.path))).toEqual(
    new Set(['/device-authorization', '/device/code', '/token']),
  )
})

test('deny, by keyboard alone', async () => {
  const login = await beginLogin(portal)
  await page.goto(login.page)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.matches("button:focus-visible[value=deny]")')).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Request denied' }).waitFor()
  expect((await login.poll()).body.ErrorCode).toBe('AccessDenied')
  expect(complaints).toEqual([])
})

test('a code typed by hand, first wrong, then right', async () => {
  const login = await beginLogin(portal)
  await page.goto(`${portal.url}/device/code`)
  await page.getByLabel('Code').fill('nope-nope')
  await button('Continue').click()
  expect(await page.getByRole('alert').textContent()).toContain('unknown, has expired or has been used')
  expect(await page.getByLabel('Code').inputValue()).toBe('nope-nope')
  await page.getByLabel('Code').fill(login.userCode.toLowerCase())
  await page.keyboard.press('Enter')
  await button('Approve').click()
  await page.getByRole('heading', { name: 'Request approved' }).waitFor()
  expect((await login.poll()).status).toBe(200)
})

test('a link that was used leads to no buttons', async () => {
  const login = await beginLogin(portal)
  await page.goto(login.page)
  await button('Approve').click()
  await page.goto(login.page)
  expect(await page.getByRole('alert').count()).toBe(1)
  expect(await button('Approve').count()).toBe(0)
})

test('fits a phone: nothing to scroll sideways, the style sheet is applied', async () => {
  const login = await beginLogin(portal)
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto(login.page)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
  expect(await page.evaluate('getComputedStyle(document.querySelector("button")).cursor')).toBe('pointer')
})
