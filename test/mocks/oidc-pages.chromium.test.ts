import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OidcProvider, startOidcProvider } from '../../mocks/oidc.ts'
import { launchChromium } from '../support/launch-chromium.ts'
import { authorizationRequest, beginDevice, waitOnLoopback } from './oidc-client.ts'

let browser: Browser
let provider: OidcProvider
let page: Page
let complaints: string[]

beforeAll(async () => {
  browser = await launchChromium()
}, 60_000)
afterAll(() => browser.close())

beforeEach(async () => {
  provider = await startOidcProvider({ intervalSeconds: 0 })
  page = await browser.newPage()
  complaints = []
  // A violation of the content security policy is reported here.
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterEach(async () => {
  await page.close()
  await provider.close()
})

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const signIn = async () => {
  await heading('Sign in')
  await page.getByLabel('Name').fill('dev')
  await page.getByLabel('Password').fill('any')
  await press('Sign in')
}

test('the device page: from the link to the tokens', async () => {
  const device = await beginDevice(provider)
  await page.goto(device.page)
  await heading('Is this the code in your terminal?')
  expect(await page.locator('#code').textContent()).toBe(device.userCode)
  await press('Continue')
  await signIn()
  await heading('Allow access?')
  expect(await page.getByRole('main').textContent()).toContain('openid offline_access')
  await press('Approve')
  await heading('Signed in')
  expect((await device.poll()).status).toBe(200)
  expect(provider.violations).toEqual([])
  expect(complaints).toEqual([])
})

test('the device page: a code typed by hand, then denied', async () => {
  const device = await beginDevice(provider)
  await page.goto(`${provider.issuer}/device`)
  await page.getByLabel('Code').fill('NOPE-NOPE')
  await press('Continue')
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Code').fill(device.userCode.toLowerCase())
  await press('Continue')
  await press('Deny')
  expect(await page.getByRole('alert').textContent()).toContain('denied')
  expect((await device.poll()).body.error).toBe('access_denied')
})

test('the code grant: signed in, approved, back at the program', async () => {
  const program = await waitOnLoopback()
  const { url, state } = authorizationRequest(`${provider.issuer}/auth`, program.redirectUri)
  await page.goto(url)
  await signIn()
  await press('Approve')
  await heading('You can close this window')
  program.close()
  expect((await program.query).get('state')).toBe(state)
  expect((await program.query).get('code')).toBeTruthy()
  expect(complaints).toEqual([])
})

test('the code grant: an unknown user gets an error, Deny is reported to the program', async () => {
  const program = await waitOnLoopback()
  await page.goto(authorizationRequest(`${provider.issuer}/auth`, program.redirectUri).url)
  await page.getByLabel('Name').fill('nobody')
  await press('Sign in')
  expect(await page.getByRole('alert').textContent()).toBe('There is no such user.')
  await signIn()
  await press('Deny')
  await heading('You can close this window')
  program.close()
  expect((await program.query).get('error')).toBe('access_denied')
})
