import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type OneTimeRedirect, openOneTimeRedirect } from '../../../src/identity/index.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { isListening } from '../../support/handed-browser.ts'
import { openLoopbackBrowser } from '../../support/loopback-browser.ts'
import { type PacedClock, pacedClock } from '../../support/paced-clock.ts'

const target = 'https://signin.aliyun.com/federation?Action=Login&SigninToken=a%2Bb%3D'
const { ask } = openLoopbackBrowser()
const stop = new AbortController()

let clock: PacedClock
let redirect: OneTimeRedirect
let url: string
beforeEach(async () => {
  clock = pacedClock()
  redirect = await openOneTimeRedirect({ clock, log: silentLog })
  url = redirect.urlTo(target)
})
afterEach(() => redirect.close())

describe('[case 105] the address that a browser is started with', () => {
  test('holds nothing of where it leads, and leads there without a referrer and a copy', async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/)
    const { status, headers, body } = await ask(url)
    expect({ status, body, location: headers.location }).toEqual({ status: 302, body: '', location: target })
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('works once', async () => {
    await ask(url)
    const again = await ask(url)
    expect(again).toMatchObject({ status: 410, body: '' })
    expect(again.headers.location).toBeUndefined()
  })

  test.each<[string, Parameters<typeof ask>[1], number]>([
    ['another path', { path: '/' }, 404],
    ['the path with a query', { path: '/?x' }, 404],
    ['another Host', { host: 'attacker.example' }, 403],
    ['another method', { method: 'POST' }, 405],
    ['HEAD', { method: 'HEAD' }, 405],
    ['an image of a page', { headers: { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' } }, 403],
    ['a frame of a page', { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' } }, 403],
    ['a script of a page', { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } }, 403],
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch' } }, 503],
  ])('refuses %s, which does not use it up', async (_what, options, status) => {
    const refused = await ask(url, options)
    expect(refused.status).toBe(status)
    expect(refused.headers.location).toBeUndefined()
    expect((await ask(url)).status).toBe(302)
  })

  test('frees its port', async () => {
    expect(await isListening(new URL(url))).toBe(true)
    redirect.close()
    expect(await isListening(new URL(url))).toBe(false)
  })

  test('says whether it was followed, in time; an interruption is felt at once', async () => {
    const late = redirect.followed(30_000, stop.signal)
    await clock.pass(30_000)
    expect(await late).toBe(false)
    const followed = redirect.followed(30_000, stop.signal)
    await ask(url)
    expect(await followed).toBe(true)
    const other = await openOneTimeRedirect({ clock, log: silentLog })
    const interruption = new AbortController()
    const waiting = other.followed(30_000, interruption.signal)
    interruption.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    other.close()
  })
})
