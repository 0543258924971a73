import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchChromium } from '../support/launch-chromium.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { makeHome, runSesame, startSesame } from '../support/sesame.ts'

let browser: Browser
let portal: TestPortal
let home: ReturnType<typeof makeHome>
let page: Page

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  portal = await startPortal({ approve: 'manual' })
  home = makeHome()
  page = await browser.newPage()
  await runSesame(['configure', '--signin-url', portal.signInUrl], { home: home.home })
})
afterEach(async () => {
  await page.close()
  await portal.stop()
  home.remove()
})

const signIn = () => startSesame(['login'], { home: home.home, env: { SESAME_STORE: 'memory' } })

const addressIn = async (running: ReturnType<typeof signIn>) =>
  (await running.stderrMatches(/^ {2}(http\S+user_code=(\S+))\n(?:.*\n)*Waiting/m)).slice(1) as [
    string,
    string,
  ]

describe('a person signs in with a browser while sesame waits', () => {
  test('the page shows the code of the terminal; Approve gives credentials', async () => {
    const running = signIn()
    const [address, code] = await addressIn(running)
    await page.goto(address)
    expect(await page.locator('#code').textContent()).toBe(code)
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Request approved' }).waitFor()
    const { code: exitCode, stdout } = await running.finished
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
    expect(portal.violations).toEqual([])
  })

  test('[case 6] Deny: exit 4, nothing on stdout, two clear lines', async () => {
    const running = signIn()
    const [address] = await addressIn(running)
    await page.goto(address)
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('heading', { name: 'Request denied' }).waitFor()
    const { code, stdout, stderr } = await running.finished
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toMatch(
      /\nsesame: The sign-in was denied in the browser \(RequestId [\w-]+\)\.\nIf that was a mistake, run the same command again and approve\.\n$/,
    )
  })

  test('a wrong code is refused on the page, sesame goes on waiting, the right one is taken', async () => {
    const running = signIn()
    const [address, code] = await addressIn(running)
    await page.goto(address.replace(/\?.*/, ''))
    await page.getByLabel('Code').fill('AAAA-AAAA')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').waitFor()
    expect(running.child.exitCode).toBe(null)
    await page.getByLabel('Code').fill(code.toLowerCase().replace('-', ''))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Approve' }).click()
    expect((await running.finished).code).toBe(0)
  })
})

describe('the page that sesame opens itself', () => {
  let opened: Server
  let address: Promise<string>

  beforeEach(async () => {
    let resolve: (url: string) => void = () => undefined
    address = new Promise((done) => {
      resolve = done
    })
    opened = createServer((request, response) => {
      resolve(new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('address') ?? '')
      response.end()
    }).listen(0, '127.0.0.1')
    await new Promise((listening) => opened.once('listening', listening))
  })
  afterEach(() => opened.close())

  test('BROWSER gets the address, the person approves there, the terminal says so', async () => {
    const bin = join(home.home, 'bin')
    mkdirSync(bin)
    const script = join(bin, 'browser')
    const { port } = opened.address() as AddressInfo
    const tell = `fetch('http://127.0.0.1:${port}/?address=' + encodeURIComponent(process.argv[1]))`
    writeFileSync(script, `#!/bin/sh\nexec '${process.execPath}' -e "${tell}" "$1"\n`)
    chmodSync(script, 0o755)
    const running = startOnPty(['login'], {
      home: home.home,
      env: { SESAME_STORE: 'memory', BROWSER: script },
    })
    await page.goto(await address)
    await page.getByRole('button', { name: 'Approve' }).click()
    const { code, seen, stdout } = await running.finished
    expect(code).toBe(0)
    expect(seen).toContain('Your browser opens to sign you in. If it does not, go to:')
    expect(seen).toContain('Signed in.')
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
  })
})
