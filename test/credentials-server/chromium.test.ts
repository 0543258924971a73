import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchChromium } from '../support/launch-chromium.ts'
import { servedSecrets, startTestServer, type TestServer } from './support/test-server.ts'

let browser: Browser
let site: Server
let server: TestServer
let page: Page

beforeAll(async () => {
  site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end('<!doctype html><title>A page</title><body>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  browser = await launchChromium('--host-resolver-rules=MAP evil.test 127.0.0.1')
})
afterAll(async () => {
  await browser.close()
  site.close()
})

beforeEach(async () => {
  server = await startTestServer()
  page = await browser.newPage()
})
afterEach(async () => {
  await page.close()
  await server.close()
})

const sitePort = () => (site.address() as AddressInfo).port

/**
 * What pages try that know the whole URL: each gives all that it could learn. Code that runs in the page is given as
 * text, because its types are the browser's.
 */
const attempts: Record<string, string> = {
  'fetch cors': `read(fetch(url))`,
  'fetch no-cors': `read(fetch(url, { mode: 'no-cors' }))`,
  'fetch with a preflight': `read(fetch(url, { headers: { 'X-Custom': '1' } }))`,
  'fetch without referrer': `read(fetch(url, { referrerPolicy: 'no-referrer', credentials: 'omit' }))`,
  'fetch no-cors without referrer': `read(fetch(url, { mode: 'no-cors', referrerPolicy: 'no-referrer' }))`,
  script: `load(Object.assign(document.createElement('script'), { src: url }))`,
  module: `load(Object.assign(document.createElement('script'), { src: url, type: 'module' }))`,
  image: `load(Object.assign(document.createElement('img'), { src: url, referrerPolicy: 'no-referrer' }))`,
  stylesheet: `load(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url }))`,
  audio: `load(Object.assign(document.createElement('audio'), { src: url }))`,
}
const inPage = `
  const read = (answer) => answer.then((it) => it.text()).then((text) => 'read ' + text, () => 'error')
  const load = (element) => new Promise((resolve) => {
    element.onload = element.onloadedmetadata = () => resolve('loaded')
    element.onerror = () => resolve('error')
    document.body.append(element)
  })`

describe.each(['localhost', 'evil.test'])('[case 59] a page of %s that knows the URL', (host) => {
  test('reads and loads nothing, by fetch or by element', async () => {
    await page.goto(`http://${host}:${sitePort()}/`)
    const tried = Object.entries(attempts).map(
      ([name, attempt]) => `${attempt}.then((outcome) => ${JSON.stringify(name)} + ': ' + outcome)`,
    )
    const learnt = await page.evaluate(`(async (url) => {
      ${inPage}
      return Promise.all([${tried}])
    })(${JSON.stringify(server.url)})`)
    // Cross-Origin-Resource-Policy makes an error even of the opaque answers that no-cors would give.
    expect(learnt).toEqual(Object.keys(attempts).map((name) => `${name}: error`))
    expectRefusals(Object.keys(attempts).length)
  })

  test('gets a refusal by forms, in a frame and by a link', async () => {
    await page.goto(`http://${host}:${sitePort()}/`)
    for (const [count, method] of ['post', 'get'].entries()) {
      await page.evaluate(`
        document.body.innerHTML = '<iframe name="frame"></iframe><form method="${method}" target="frame" action="${server.url}">'
        document.forms[0].submit()
      `)
      await expect.poll(() => server.logged.length, { timeout: 10_000 }).toBe(count + 1)
    }
    await page.evaluate(`location.href = ${JSON.stringify(server.url)}`)
    await page.waitForURL(server.url)
    expect(await page.content()).toContain('Forbidden')
    expectRefusals(3)
  })
})

test('[case 58] DNS rebinding: a name that now leads to this machine is refused', async () => {
  const shown = await page.goto(`http://evil.test:${server.port}${server.path}`)
  expect(shown?.status()).toBe(403)
  // The page is of the same origin now: it can read every answer, and no Origin header gives it away.
  const learnt = await page.evaluate(`(async () => {
    ${inPage}
    return read(fetch(${JSON.stringify(server.path)}))
  })()`)
  expect(learnt).toMatch(/^read \{"Code":"Forbidden"/)
  expectRefusals(2)
})

test('a person who types the address sees the credentials: what is refused above is really there', async () => {
  const shown = await page.goto(server.url)
  expect(shown?.status()).toBe(200)
  expect(await page.content()).toMatch(servedSecrets)
})

/** All that the browser asked for was refused by the server, and it did ask at least so often. */
function expectRefusals(atLeast: number) {
  expect(server.logged.length).toBeGreaterThanOrEqual(atLeast)
  // The icon of a page is asked for as well.
  for (const line of server.logged) expect(line).toBe('serve: 403')
  expect(server.calls).toBe(0)
}
