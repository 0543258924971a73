import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Console,
  createTestCa,
  handedOutBy,
  type MockProxy,
  startConsole,
  startHttpProxy,
} from '../../mocks/index.ts'
import { type HandedBrowser, handBrowser, isListening } from '../support/handed-browser.ts'
import { launchChromium } from '../support/launch-chromium.ts'
import { getAsOtherUser, needOtherUser } from '../support/other-user.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { recordSecrets } from '../support/record.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'

const signInHost = 'signin.aliyun.com'
const authority = createTestCa()

let portal: TestPortal
let cloud: Console
let proxy: MockProxy
let browser: Browser
let page: Page
let home: TestHome
let handed: HandedBrowser
let env: Record<string, string>

beforeAll(async () => {
  portal = await startPortal()
  const tls = authority.issue({ hosts: [signInHost] })
  cloud = await startConsole({ tls, accepts: handedOutBy(portal.issued) })
  const place = `127.0.0.1:${cloud.port}`
  proxy = await startHttpProxy({ hosts: { [`${signInHost}:443`]: place } })
  browser = await launchChromium(
    `--host-resolver-rules=MAP ${signInHost}:443 ${place}, MAP *.console.aliyun.com:443 ${place}`,
  )
}, 60_000)
afterAll(async () => {
  recordSecrets(cloud.issued)
  await browser.close()
  await proxy.close()
  await cloud.close()
  await portal.stop()
})
beforeEach(async () => {
  home = makeTestHome(portal)
  handed = handBrowser(home.home)
  const ca = join(home.home, 'ca.pem')
  writeFileSync(ca, authority.ca)
  env = { SESAME_STORE: 'plaintext', SESAME_CA_FILE: ca, HTTPS_PROXY: proxy.url, ...handed.env }
  await home.prepare(['login', '--profile', 'dev'])
  page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
})
afterEach(async () => {
  await page.context().close()
  home.remove()
})

const open = (...words: string[]) => startOnPty(['console', ...words], { home: home.home, env })

describe('sesame console at a terminal', () => {
  test('[case 105] the browser gets an address that works once, and lands on the page, signed in', async () => {
    const running = open('--service', 'oss')
    const address = await handed.address()
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/)
    await page.goto(address)
    expect(page.url()).toBe('https://oss.console.aliyun.com/bucket')
    expect(await page.getByRole('heading').textContent()).toMatch(/^Signed in with STS\./)
    expect(await page.locator('#page').textContent()).toBe('oss.console.aliyun.com/bucket')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ domain: '.aliyun.com', secure: true, httpOnly: true })
    const { code, stdout, seen } = await running.finished
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(seen).toContain('The session in the browser ends with the credentials')
    for (const { value } of [...cloud.issued, ...portal.issued]) expect(seen).not.toContain(value)
    expect(cloud.violations).toEqual([])
    expect(await isListening(new URL(address))).toBe(false)
    expect(handed.starts()).toBe(1)
  })

  test('[case 105] another user gets nothing at that address', async (context) => {
    needOtherUser(context)
    const running = open()
    const address = await handed.address()
    expect(await getAsOtherUser(address)).toMatchObject({ status: 403 })
    await page.goto(address)
    expect(await page.getByRole('heading').textContent()).toMatch(/^Signed in/)
    expect((await running.finished).code).toBe(0)
  })

  test('Ctrl-C ends the wait, and the address with it', async () => {
    const running = open()
    const address = await handed.address()
    await running.shows(/Waiting for your browser/)
    running.type('\u0003')
    expect((await running.finished).code).toBe(130)
    expect(await isListening(new URL(address))).toBe(false)
  })

  test('--print opens no browser; what it prints works once', async () => {
    const { code, stdout } = await open('--print', '--url', 'https://ram.console.aliyun.com/roles').finished
    expect(code).toBe(0)
    expect(handed.starts()).toBe(0)
    await page.goto(stdout.trim())
    expect(page.url()).toBe('https://ram.console.aliyun.com/roles')
    expect(await page.getByRole('heading').textContent()).toMatch(/^Signed in/)
    expect((await page.goto(stdout.trim()))?.status()).toBe(401)
  })

  test('without a sign-in, the user signs in first', async () => {
    await home.run(['logout', '--profile', 'dev'])
    const running = open('--print')
    const { code, stdout, seen } = await running.finished
    expect({ code, seen }).toEqual({ code: 0, seen: expect.stringContaining('Signed in.') })
    expect(stdout).toMatch(/^https:\/\/signin\.aliyun\.com\/federation\?Action=Login&/)
  })
})
