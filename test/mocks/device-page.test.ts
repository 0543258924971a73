import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CloudSso } from '../../mocks/index.ts'
import { beginLogin, deviceRequest, post, startPortal } from './portal-client.ts'

let portal: CloudSso
beforeAll(async () => {
  portal = await startPortal()
})
afterAll(() => portal.close())

async function openConfirmPage(page: string) {
  const response = await fetch(page)
  const text = await response.text()
  const cookie = String(response.headers.get('set-cookie')).split(';')[0] ?? ''
  const token = /name="csrf_token" value="([^"]+)"/.exec(text)?.[1] ?? ''
  return { response, text, cookie, token }
}

function submit(form: Record<string, string>, headers: Record<string, string>): Promise<Response> {
  return fetch(`${portal.url}/device/code`, { method: 'POST', body: new URLSearchParams(form), headers })
}

describe('the form', () => {
  test('is sent under a policy that loads and runs nothing', async () => {
    const login = await beginLogin(portal)
    const { response, text } = await openConfirmPage(login.page)
    const policy = String(response.headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(text).not.toMatch(/<script|\son\w+=|https?:\/\//)
  })

  test('needs its own token, its own cookie and its own origin', async () => {
    const login = await beginLogin(portal)
    const { cookie, token } = await openConfirmPage(login.page)
    const form = { user_code: login.userCode, csrf_token: token, decision: 'approve' }
    const own = { cookie, origin: portal.url }
    const attempts = [
      await submit({ ...form, csrf_token: '' }, own),
      await submit({ ...form, csrf_token: token.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) }, own),
      await submit(form, { origin: portal.url }),
      await submit(form, { cookie }),
      await submit(form, { cookie, origin: 'https://evil.example.test' }),
      await submit(form, { cookie, origin: 'null' }),
      await submit(form, { ...own, 'sec-fetch-site': 'cross-site' }),
    ]
    expect(attempts.map((response) => response.status)).toEqual([403, 403, 403, 403, 403, 403, 403])
    expect(portal.pendingUserCodes()).toContain(login.userCode)
    expect((await submit(form, own)).status).toBe(200)
    expect(portal.pendingUserCodes()).not.toContain(login.userCode)
  })

  test('a token made for one code is no good for another', async () => {
    const [mine, other] = [await beginLogin(portal), await beginLogin(portal)]
    const { cookie, token } = await openConfirmPage(mine.page)
    const form = { user_code: other.userCode, csrf_token: token, decision: 'approve' }
    expect((await submit(form, { cookie, origin: portal.url })).status).toBe(403)
  })

  test('without a decision nothing is decided', async () => {
    const login = await beginLogin(portal)
    const { cookie, token } = await openConfirmPage(login.page)
    const form = { user_code: login.userCode, csrf_token: token }
    expect((await submit(form, { cookie, origin: portal.url })).status).toBe(400)
    expect((await login.poll()).body.ErrorCode).toBe('AuthorizationPending')
  })
})

test('codes are found in any case, with or without the dash', async () => {
  const { userCode } = await beginLogin(portal)
  for (const typed of [
    userCode.toLowerCase(),
    userCode.replace('-', ''),
    ` ${userCode.replace('-', ' ')} `,
  ]) {
    const response = await fetch(`${portal.url}/device/code?user_code=${encodeURIComponent(typed)}`)
    expect(await response.text()).toContain(`id="code">${userCode}<`)
  }
})

test('what a client says of itself is shown as text', async () => {
  const agent = { 'user-agent': '<img src=x onerror=alert(1)>"&' }
  const { body } = await post(portal, '/device-authorization', deviceRequest(portal), agent)
  const { text } = await openConfirmPage(body.VerificationUriComplete)
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&amp;')
  expect(text).not.toContain('<img')
})

test('an unknown code is shown back as text', async () => {
  const response = await fetch(`${portal.url}/device/code?user_code=${encodeURIComponent('"><script>')}`)
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('value="&quot;&gt;&lt;script&gt;"')
})
