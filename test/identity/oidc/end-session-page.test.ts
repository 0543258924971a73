import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readForm } from '../../../mocks/oidc/page-form.ts'
import { type EndSessionPage, openEndSessionPage } from '../../../src/identity/index.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { openLoopbackBrowser } from '../../support/loopback-browser.ts'
import { type PacedClock, pacedClock } from '../../support/paced-clock.ts'

const idToken = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkZXYifQ.c2lnbmF0dXJl'
const address = 'https://id.example/logout?tenant=a%26b&client_id=sesame-cli'

let clock: PacedClock
let page: EndSessionPage
const stop = new AbortController()
beforeEach(async () => {
  clock = pacedClock()
  page = await openEndSessionPage({ address, idToken: new Secret(idToken), clock, log: silentLog })
})
afterEach(() => page.close())

const { ask } = openLoopbackBrowser()

describe('[case 172] the page that ends a session', () => {
  test('posts client and ID token to the provider; neither address holds the token', async () => {
    const { status, body, headers } = await ask(page.url)
    expect(status).toBe(200)
    const form = readForm(body)
    expect(form?.action).toBe('https://id.example/logout?tenant=a%26b')
    expect(form?.fields).toEqual({ client_id: 'sesame-cli', id_token_hint: idToken })
    expect(`${page.url} ${form?.action}`).not.toContain(idToken)
    expect(body).toMatch(/<form method="post"/)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const policy = String(headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none';.* script-src 'sha256-[^']+'$|form-action https:/)
    expect(policy).not.toMatch(/unsafe|\*/)
  })

  test('is given once', async () => {
    await ask(page.url)
    const again = await ask(page.url)
    expect(again.status).toBe(410)
    expect(again.body).not.toContain(idToken)
  })

  test.each<[string, Parameters<typeof ask>[1], number]>([
    ['another path', { path: '/' }, 404],
    ['another Host', { host: 'attacker.example' }, 403],
    ['another method', { method: 'POST' }, 405],
    ['an image of a page', { headers: { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' } }, 403],
    ['a script of a page', { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } }, 403],
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch' } }, 503],
  ])('refuses %s, which does not use it up', async (_what, options, status) => {
    const refused = await ask(page.url, options)
    expect(refused.status).toBe(status)
    expect(refused.body).not.toContain(idToken)
    expect((await ask(page.url)).status).toBe(200)
  })

  test('says whether it was fetched, in time', async () => {
    const late = page.fetched(30_000, stop.signal)
    await clock.pass(30_000)
    expect(await late).toBe(false)
    const fetched = page.fetched(30_000, stop.signal)
    await ask(page.url)
    expect(await fetched).toBe(true)
  })

  test('an interruption is felt at once', async () => {
    const interruption = new AbortController()
    const fetched = page.fetched(30_000, interruption.signal)
    interruption.abort(new Error('enough'))
    await expect(fetched).rejects.toThrow('enough')
  })
})

test('[case 172] what a provider has in its address is text on the page', async () => {
  const odd = 'https://id.example/logout?x=%22%3E%3Cscript%3E&client_id=%22%3E%3Cb%3E'
  const other = await openEndSessionPage({
    address: odd,
    idToken: new Secret(idToken),
    clock,
    log: silentLog,
  })
  const { body } = await ask(other.url)
  other.close()
  expect(body.match(/<script/g)).toHaveLength(1)
  expect(body).not.toContain('<b>')
})
