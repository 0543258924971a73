import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type Console, type ConsoleOptions, startConsole } from '../../mocks/index.ts'

const form = {
  Action: 'GetSigninToken',
  AccessKeyId: 'STS.Nabc',
  AccessKeySecret: 'secret-of-the-key',
  SecurityToken: `CAIS${'x'.repeat(60)}`,
  TicketType: 'mini',
}
const destination = 'https://ecs.console.aliyun.com/'

let cloud: Console
const begin = async (options: ConsoleOptions = {}) => {
  cloud = await startConsole(options)
}
afterEach(() => cloud.close())

const post = (body: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(cloud.endpoint, { method: 'POST', body: new URLSearchParams(body), headers })
const get = (query: Record<string, string>) =>
  fetch(`${cloud.endpoint}?${new URLSearchParams(query)}`, { redirect: 'manual' })
const login = (token: string, more: Record<string, string> = {}) =>
  get({
    Action: 'Login',
    LoginUrl: 'https://login.example/',
    Destination: destination,
    SigninToken: token,
    ...more,
  })
const bodyOf = async (answer: Response) => (await answer.json()) as { SigninToken: string; Code?: string }
const tokenOf = async (answer: Response) => (await bodyOf(answer)).SigninToken
const codeOf = async (answer: Response) => [answer.status, (await bodyOf(answer)).Code]

describe('the federation service of the console', () => {
  test('gives a token that leads to the destination, signed in, once', async () => {
    await begin()
    const token = await tokenOf(await post(form))
    expect(cloud.issued).toEqual([{ kind: 'signin-token', value: token }])
    const led = await login(token)
    expect([led.status, led.headers.get('location')]).toEqual([302, destination])
    const cookie = led.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await fetch(`${cloud.url}/server`, { headers: { cookie } })
    expect(await page.text()).toContain('Signed in with STS.Nabc')
    expect((await fetch(`${cloud.url}/server`)).status).toBe(401)
    expect(await codeOf(await login(token))).toEqual([401, 'InvalidCredential.SigninToken'])
    expect(cloud.violations).toEqual([])
  })

  test('a token lives 30 s', async () => {
    let nowMs = 0
    await begin({ nowMs: () => nowMs })
    const [early, late] = [await tokenOf(await post(form)), await tokenOf(await post(form))]
    nowMs = 29_999
    expect((await login(early)).status).toBe(302)
    nowMs = 30_000
    expect(await codeOf(await login(late))).toEqual([401, 'InvalidCredential.SigninToken'])
  })

  test.each([
    ['Action', 'InvalidAction'],
    ['AccessKeyId', 'MissingParameter.AccessKeyId'],
    ['SecurityToken', 'MissingParameter.SecurityToken'],
    ['TicketType', 'MissingParameter.TicketType'],
  ])('a form without %s is refused', async (name, code) => {
    await begin()
    expect(await codeOf(await post({ ...form, [name]: '' }))).toEqual([400, code])
  })

  test.each([
    ['LoginUrl', '', [400, 'MissingParameter.LoginUrl']],
    ['Destination', '', [400, 'MissingParameter.Destination']],
    ['SigninToken', '', [400, 'MissingParameter.SigninToken']],
    ['SigninToken', 'x', [401, 'InvalidCredential.SigninToken']],
    ['Destination', 'https://evil-aliyun.com/', [400, 'InvalidParameter.Destination']],
    ['Destination', 'http://ecs.console.aliyun.com/', [400, 'InvalidParameter.Destination']],
    ['Action', 'Logout', [400, 'InvalidAction']],
  ])('a Login with %s %j is refused', async (name, value, expected) => {
    await begin()
    expect(await codeOf(await login(await tokenOf(await post(form)), { [name]: value }))).toEqual(expected)
  })

  test('notes credentials in a query, other types and what does not belong there', async () => {
    await begin()
    expect((await get(form)).status).toBe(200)
    await post({ ...form, Format: 'JSON' })
    await post(form, { 'content-type': 'text/plain' })
    await fetch(`${cloud.endpoint}?x=y`, { method: 'POST', body: new URLSearchParams(form) })
    expect(cloud.violations.map((each) => (each.kind === 'secret-in-url' ? each.kind : each.detail))).toEqual(
      [
        'secret-in-url',
        expect.stringMatching(/^parameters .*Format/),
        'a POST of text/plain',
        'a POST with a query',
      ],
    )
  })

  test('may take one method only, and no credentials', async () => {
    await begin({ method: 'get' })
    expect(await codeOf(await post(form))).toEqual([400, 'InvalidAction'])
    expect((await get(form)).status).toBe(200)
    cloud.options.method = 'post'
    expect(await codeOf(await get(form))).toEqual([400, 'InvalidAction'])
    cloud.options.accepts = () => false
    expect(await codeOf(await post(form))).toEqual([401, 'InvalidCredential.AuthenticateFail'])
  })

  test('is started by hand', { timeout: 30_000 }, async () => {
    await begin()
    const script = fileURLToPath(new URL('../../mocks/start.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, '--console', '--preset', 'get-only'])
    const endpoint = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const found = /endpoint +(\S+)\n[\s\S]*Ctrl-C/.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('close', () => reject(new Error(said)))
    })
    expect((await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) })).status).toBe(400)
    expect((await fetch(`${endpoint}?${new URLSearchParams(form)}`)).status).toBe(200)
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
})
