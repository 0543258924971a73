import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type HandedBrowser, handBrowser, isListening, redirectUriOf } from '../support/handed-browser.ts'
import { launchChromium } from '../support/launch-chromium.ts'
import { startTestOidc, type TestOidc } from '../support/oidc.ts'
import { configureCorp, providerArn, roleArn } from '../support/oidc-world.ts'
import { getAsOtherUser, needOtherUser } from '../support/other-user.ts'
import { startOnPty } from '../support/pty.ts'
import { startTestSts, type TestSts } from '../support/sts.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'

let browser: Browser
let oidc: TestOidc
let sts: TestSts
let home: TestHome
let handed: HandedBrowser
let page: Page

beforeAll(async () => {
  browser = await launchChromium()
  oidc = await startTestOidc({ approve: 'manual' })
  const { issuer, url, clients } = oidc
  const trusted = { arn: providerArn, issuer, clientIds: [clients.public.clientId], keys: `${url}/jwks` }
  sts = await startTestSts({
    roles: [{ arn: roleArn('developer'), trust: [providerArn] }],
    oidcProviders: [trusted],
  })
})
afterAll(async () => {
  await browser.close()
  await oidc.stop()
  await sts.stop()
})
beforeEach(async () => {
  home = makeTestHome({})
  handed = handBrowser(home.home)
  // A person's own tabs share their cookies; each test is another person.
  page = await (await browser.newContext({ viewport: { width: 900, height: 600 } })).newPage()
  await configureCorp({ oidc, sts, home })
})
afterEach(async () => {
  await page.context().close()
  home.remove()
})

/** `login` at a terminal of this desktop. */
function signIn() {
  const env = { SESAME_STORE: 'plaintext', ...handed.env }
  return startOnPty(['login', '--profile', 'corp'], { home: home.home, env })
}

/** Signs in at the provider, up to the question whether sesame may. */
async function goAsFarAsConsent(tab: Page, address: string): Promise<void> {
  await tab.goto(address)
  await tab.getByLabel('Name').fill('dev')
  await tab.getByRole('button', { name: 'Sign in' }).click()
  await tab.getByRole('heading', { name: 'Allow access?' }).waitFor()
}

const decide = (tab: Page, button: 'Approve' | 'Deny') => tab.getByRole('button', { name: button }).click()
const codesRedeemed = () => oidc.log.filter((event) => 'grant' in event && event.grant === 'code').length

describe('a person at a desktop', () => {
  test('the browser opens by itself; the last page is plain, the code is gone, no server listens any more', async () => {
    const running = signIn()
    const address = await handed.address()
    const waiting = redirectUriOf(address)
    expect(waiting.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
    expect(await isListening(waiting)).toBe(true)
    await goAsFarAsConsent(page, address)
    await decide(page, 'Approve')

    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(page.url()).toBe(`${waiting.origin}/done`)
    await vi.waitFor(async () => expect(await isListening(waiting)).toBe(false), 1_000)
    expect(await page.getByRole('main').innerText()).toBe(
      '✓\nYou are signed in\n\nYou can close this window and go back to the terminal.\n\nsesame',
    )
    await page.goBack().catch(() => undefined)
    expect(page.url()).not.toContain('code=')

    const { code, seen, stdout } = await running.finished
    expect(code, seen).toBe(0)
    expect(seen).toContain('Your browser opens to sign you in. If it does not, go to:\r\n  http://127.0.0.1:')
    expect(seen).toMatch(/✔.* Signed in\./)
    expect(sts.identityOf(JSON.parse(stdout).access_key_id)?.via).toBe('oidc:dev')
    expect(handed.starts()).toBe(1)
    expect(oidc.violations).toEqual([])
  })

  test('[case 6] Deny: exit 4, nothing on stdout, and both sides say so', async () => {
    const running = signIn()
    const address = await handed.address()
    await goAsFarAsConsent(page, address)
    await decide(page, 'Deny')
    await page.getByRole('heading', { name: 'Sign-in denied' }).waitFor()
    const { code, stdout, seen } = await running.finished
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(seen).toMatch(
      /sesame: The sign-in was denied in the browser\.\r\nIf that was a mistake, run the same command again and approve\.\r\n/,
    )
    expect(await isListening(redirectUriOf(address))).toBe(false)
    expect(home.items()).toEqual([])
  })

  test('a provider that refuses the code: the page sends back to the terminal, which says why', async () => {
    oidc.fault('POST /token', { kind: 'json', status: 400, body: { error: 'invalid_client' } })
    const running = signIn()
    await goAsFarAsConsent(page, await handed.address())
    await decide(page, 'Approve')
    await page.getByRole('heading', { name: 'Sign-in failed' }).waitFor()
    expect(await page.getByRole('main').innerText()).toContain('go back to the terminal, which says why')
    const { code, stdout, seen } = await running.finished
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(seen).toContain('invalid_client')
  })
})

test('[case 105] another user who reads the command line of the browser gets nothing for it', async (context) => {
  needOtherUser(context)
  const running = signIn()
  const address = await handed.address()
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/)
  const { status, headers, body } = await getAsOtherUser(address)
  expect(status).toBe(403)
  expect(headers).not.toHaveProperty('location')
  expect(body).toContain('Sign-in of another user')
  const asked = page.waitForRequest((request) => request.url().startsWith(`${oidc.issuer}/auth?`))
  await goAsFarAsConsent(page, address)
  const state = new URL((await asked).url()).searchParams.get('state') ?? ''
  const answer = new URLSearchParams({ state, code: 'code-of-the-attacker', iss: oidc.issuer })
  expect((await getAsOtherUser(`${redirectUriOf(address)}?${answer}`)).status).toBe(403)
  await decide(page, 'Approve')
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
  expect((await running.finished).code).toBe(0)
  expect(oidc.violations).toEqual([])
})

describe('one answer, and no other', () => {
  test('a second tab with the same address shows that it was used, and disturbs nothing', async () => {
    const before = codesRedeemed()
    const running = signIn()
    const address = await handed.address()
    const second = await page.context().newPage()
    await goAsFarAsConsent(page, address)
    expect((await second.goto(address))?.status()).toBe(410)
    expect(await second.getByRole('heading').textContent()).toBe('This address was used already')
    expect(await second.getByRole('main').innerText()).toContain('run the login in the terminal again')
    await decide(page, 'Approve')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect((await running.finished).code).toBe(0)
    expect(codesRedeemed()).toBe(before + 1)
    expect(oidc.violations).toEqual([])
  })

  test('a second tab at the provider comes too late, and disturbs nothing', async () => {
    const before = codesRedeemed()
    const running = signIn()
    const address = await handed.address()
    const asked = page.waitForRequest((request) => request.url().startsWith(`${oidc.issuer}/auth?`))
    const second = await page.context().newPage()
    await goAsFarAsConsent(page, address)
    await second.goto((await asked).url())
    await decide(page, 'Approve')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect((await running.finished).code).toBe(0)
    // The provider redirects this tab to a port where no server listens any more.
    const failed = second.waitForEvent('requestfailed')
    await decide(second, 'Approve')
    expect((await failed).failure()?.errorText).toBe('net::ERR_CONNECTION_REFUSED')
    expect(codesRedeemed()).toBe(before + 1)
    // It was the person who showed the provider the same request twice.
    expect(oidc.violations.splice(0)).toMatchObject([{ kind: 'challenge-reused' }])
  })

  test('the same answer twice: the second is refused while the first is looked at', async () => {
    oidc.fault('POST /token', { kind: 'hang' })
    const before = codesRedeemed()
    const running = signIn()
    const address = await handed.address()
    const { origin } = redirectUriOf(address)
    await goAsFarAsConsent(page, address)
    const arriving = page.waitForRequest((request) => request.url().startsWith(`${origin}/callback?`))
    // The click ends with its navigation, which is answered only after the token endpoint.
    const clicked = decide(page, 'Approve').catch(() => undefined)
    const callback = (await arriving).url()
    await vi.waitFor(() => expect(oidc.requests.at(-1)?.path).toBe('/token'))
    const twin = await fetch(callback)
    expect({ status: twin.status, text: await twin.text() }).toEqual({ status: 409, text: '' })
    running.type('\u0003')
    expect((await running.finished).code).toBe(130)
    await clicked
    expect(codesRedeemed()).toBe(before)
  })
})

/** Asks the port for all it may give; `attack` says what the page itself learns of each answer. */
const kittensPage = `<!doctype html><title>Kittens</title><body><script>
const origin = new URLSearchParams(location.search).get('origin')
const url = origin + '/callback?code=x&state=y'
const outcome = (promise) => promise.then(({ type }) => type, () => 'nothing')
const load = (name) => new Promise((resolve) => {
  const element = document.createElement(name)
  element.onload = () => resolve('loaded')
  element.onerror = () => resolve('nothing')
  element.src = url + '&as=' + name
  document.body.append(element)
})
async function attack() {
  return [
    await outcome(fetch(url, { mode: 'no-cors' })),
    await outcome(fetch(url)),
    await outcome(fetch(url, { method: 'POST', mode: 'no-cors', body: 'code=x&state=y' })),
    await outcome(fetch(origin + '/done', { mode: 'no-cors' })),
    await load('img'),
    await load('script'),
  ]
}
</script>`

describe('pages of others', () => {
  let evil: Server
  let seenByEvil: string[]

  beforeEach(async () => {
    seenByEvil = []
    evil = createServer((request, response) => {
      seenByEvil.push(request.url ?? '')
      response.setHeader('content-type', 'text/html').end(kittensPage)
    }).listen(0, '127.0.0.1')
    await new Promise((listening) => evil.once('listening', listening))
  })
  afterEach(() => {
    evil.closeAllConnections()
    evil.close()
  })

  test('what they send to the port does not end the sign-in, and reveals nothing', async () => {
    const running = signIn()
    const address = await handed.address()
    const { origin } = redirectUriOf(address)
    const kittens = await page.context().newPage()
    const { port } = evil.address() as AddressInfo
    await kittens.goto(`http://127.0.0.1:${port}/?${new URLSearchParams({ origin })}`)
    const answers: string[] = []
    kittens.on('response', (response) => {
      if (response.url().startsWith(origin))
        answers.push(`${response.request().method()} ${response.status()}`)
    })
    const results = await kittens.evaluate('attack()')
    expect(results).toEqual(['opaque', 'nothing', 'opaque', 'opaque', 'nothing', 'nothing'])
    await kittens.goto(`${origin}/callback?code=x&state=y`)
    expect(await kittens.title()).toBe('Not the sign-in that is waited for · sesame')
    expect(await kittens.getByRole('main').innerText()).toContain('Use the page that sesame opened last.')
    expect(new Set(answers)).toEqual(new Set(['GET 400', 'POST 405', 'GET 404']))

    expect(running.child.exitCode).toBe(null)
    await goAsFarAsConsent(page, address)
    await decide(page, 'Approve')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect((await running.finished).code).toBe(0)
    expect(seenByEvil.filter((url) => url.includes('code'))).toEqual([])
    expect(oidc.violations).toEqual([])
  })
})
