import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Console, type ConsoleOptions, handedOutBy, startConsole } from '../../mocks/index.ts'
import { openLoopbackBrowser } from '../support/loopback-browser.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { recordSecrets } from '../support/record.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'

runCommandsHere()

let portal: TestPortal
let cloud: Console
let home: TestHome
const { ask } = openLoopbackBrowser()

async function begin(options: ConsoleOptions = {}): Promise<void> {
  portal = await startPortal()
  cloud = await startConsole({ accepts: handedOutBy(portal.issued), ...options })
  home = makeTestHome(portal)
  await home.run(['login', '--profile', 'dev'])
}
afterEach(async () => {
  recordSecrets(cloud.issued)
  await cloud.close()
  await portal.stop()
  home.remove()
})

const run = (...words: string[]) => home.run(['console', '--console-endpoint', cloud.endpoint, ...words])
const secrets = () => [...portal.issued, ...cloud.issued].map(({ value }) => value)
/** What every failure looks like: nothing on stdout, one or two lines. */
const failure = (text: RegExp) => ({
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^sesame: ${text.source}`)),
})

describe('sesame console --print', () => {
  beforeEach(() => begin())

  test('prints the address that signs in, with the credentials in the body of a POST', async () => {
    const { code, stdout, stderr } = await run('--print')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^http\S+\n$/) })
    const address = new URL(stdout.trim())
    expect(`${address.origin}${address.pathname}`).toBe(cloud.endpoint)
    expect(Object.fromEntries(address.searchParams)).toEqual({
      Action: 'Login',
      LoginUrl: portal.signInUrl,
      Destination: 'https://home.console.aliyun.com/',
      SigninToken: cloud.issued[0]?.value,
    })
    expect(stderr).toMatch(/works once, and for 30 s/)
    expect(stderr).toMatch(/ends with the credentials, at \d{4}-\d\d-\d\dT[\d:]+Z/)
    expect(cloud.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /federation'])
    expect(cloud.violations).toEqual([])
    const { status, headers } = await ask(address)
    expect([status, headers.location]).toEqual([302, 'https://home.console.aliyun.com/'])
  })

  test.each([
    [['--service', 'ecs'], 'https://ecs.console.aliyun.com/'],
    [['--service=oss'], 'https://oss.console.aliyun.com/bucket'],
    [['--url', 'https://ecs.console.aliyun.com/#/a?b=c&d'], 'https://ecs.console.aliyun.com/#/a?b=c&d'],
  ])('with %j leads to %s', async (words, destination) => {
    const { stdout } = await run('--print', ...words)
    expect(new URL(stdout.trim()).searchParams.get('Destination')).toBe(destination)
    expect((await ask(stdout.trim())).headers.location).toBe(destination)
  })

  test('site and region of the profile decide where', async () => {
    await home.run(['configure', '--profile', 'dev', '--site', 'intl', '--region', 'ap-southeast-1'])
    const { stdout } = await run('--print', '--service', 'ecs')
    expect(new URL(stdout.trim()).searchParams.get('Destination')).toBe(
      'https://ecs.console.alibabacloud.com/server/region/ap-southeast-1',
    )
    await home.run(['configure', '--profile', 'dev', '--site', ''])
    expect(new URL((await run('--print')).stdout.trim()).searchParams.get('Destination')).toBe(
      'https://home.console.aliyun.com/',
    )
    const config = join(home.directory, 'config.json')
    writeFileSync(config, readFileSync(config, 'utf8').replace('"region"', '"site": "us", "region"'))
    expect(await run('--print')).toMatchObject({ code: 2, ...failure(/--site can be cn, intl/) })
    expect(await home.run(['configure', '--profile', 'dev', '--site', 'us'])).toMatchObject({
      code: 2,
      stdout: '',
    })
  })

  test.each([
    [['--service', 'nope'], /--service cannot be "nope"\.\nIt can be home, ack/],
    [['--service', 'ecss'], /--service cannot be "ecss"\.\nDid you mean ecs\?/],
    [['--url', 'https://evil-aliyun.com/'], /--url is no page/],
    [
      ['--url', 'https://evil-aliyun.com/', '--console-endpoint', 'https://evil-aliyun.com/'],
      /--console-endpoint is given twice/,
    ],
    [['--service', 'ecs', '--url', 'https://ecs.console.aliyun.com/'], /--service and --url contradict/],
  ])('%j: exit 2 before anything is asked of any server', async (words, text) => {
    const before = portal.calls().length
    expect(await run('--print', ...words)).toMatchObject({ code: 2, ...failure(text) })
    expect([portal.calls().length, cloud.requests]).toEqual([before, []])
  })

  test('without a sign-in: exit 3 and the command to run', async () => {
    await home.run(['logout', '--profile', 'dev'])
    expect(await run('--print')).toMatchObject({
      code: 3,
      ...failure(/Sign in first: sesame login --profile dev\n$/),
    })
    expect(cloud.requests).toEqual([])
  })

  test('a profile with tokens only: exit 2 and what it has', async () => {
    await home.run(['configure', '--profile', 'corp', '--issuer', 'https://id.example', '--client-id', 'x'])
    expect(await run('--profile', 'corp', '--print')).toMatchObject({
      code: 2,
      ...failure(/Profile corp has no role: it gives tokens, not credentials\.\n/),
    })
  })

  test('credentials that are not taken: exit 1, code and RequestId, and where to look', async () => {
    cloud.options.accepts = () => false
    const { code, stderr, ...rest } = await run('--print', '--allow-query')
    expect({ code, stdout: rest.stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/InvalidCredential\.AuthenticateFail.*\(RequestId [0-9A-F-]{36}\)\.\n.*--site/)
    // The answer was about the credentials: they are not sent a second time, in a query.
    expect(cloud.requests.map(({ method }) => method)).toEqual(['POST'])
  })

  test.each([
    ['InvalidAction', /InvalidAction.*RequestId/],
    ['MissingParameter.TicketType', /MissingParameter\.TicketType.*RequestId/],
  ] as const)('%s: exit 1, and --allow-query as what to try', async (serverCode, text) => {
    cloud.refuse('GetSigninToken', serverCode)
    const { code, stdout, stderr } = await run('--print')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(text)
    expect(stderr).toMatch(/\n.*--allow-query/)
    expect(cloud.requests).toHaveLength(1)
  })

  test('a redirect is not followed', async () => {
    const to = `${cloud.url}/elsewhere`
    cloud.fault('POST /federation', { kind: 'redirect', to, status: 307 })
    expect(await run('--print')).toMatchObject({
      code: 6,
      ...failure(/The server 127\.0\.0\.1:\d+ redirects/),
    })
    expect(cloud.requests.map(({ path }) => path)).toEqual(['/federation'])
  })

  test.each<[string, object]>([
    ['none', { RequestId: 'R' }],
    ['no text', { RequestId: 'R', SigninToken: 1 }],
    ['an empty one', { RequestId: 'R', SigninToken: '' }],
    ['one with a line break', { RequestId: 'R', SigninToken: 'a\r\nLocation: x' }],
  ])('an answer whose token is %s: exit 6', async (_what, body) => {
    cloud.transform('POST /federation', () => body)
    expect(await run('--print')).toMatchObject({
      code: 6,
      ...failure(/The console answered without a sign-in token/),
    })
  })
})

describe('sesame console --allow-query', () => {
  test('sends the form in a query only where it is refused in a body, and says so', async () => {
    await begin({ method: 'get' })
    expect(await run('--print')).toMatchObject({ code: 1, stdout: '' })
    expect(cloud.requests.map(({ method }) => method)).toEqual(['POST'])
    const { code, stdout, stderr } = await run('--print', '--allow-query')
    expect(code).toBe(0)
    expect(stderr).toMatch(/sent in the query/)
    expect(cloud.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET'])
    expect(cloud.violations.map(({ kind }) => kind)).toEqual(['secret-in-url'])
    expect((await ask(stdout.trim())).status).toBe(302)
  })

  test('is not needed where the form is taken', async () => {
    await begin()
    expect(await run('--print', '--allow-query')).toMatchObject({ code: 0 })
    expect(cloud.violations).toEqual([])
  })

  test('no secret is in the debug log and in errors, in whatever spelling', async () => {
    await begin({ method: 'get' })
    const env = { DEBUG: '*', SESAME_STORE: 'plaintext' }
    const good = await home.run(
      ['console', '--console-endpoint', cloud.endpoint, '--print', '--allow-query'],
      { env },
    )
    expect(good.code).toBe(0)
    expect(good.stderr).toMatch(/GET .*federation\?.*Action=GetSigninToken/)
    cloud.refuse('GetSigninToken', 'InvalidAction')
    cloud.refuse('GetSigninToken', 'InvalidAction')
    const bad = await home.run(
      ['console', '--console-endpoint', cloud.endpoint, '--print', '--allow-query'],
      { env },
    )
    expect(bad).toMatchObject({ code: 1, stdout: '' })
    for (const secret of secrets())
      for (const spelling of [
        secret,
        encodeURIComponent(secret),
        new URLSearchParams({ x: secret }).toString().slice(2),
      ])
        expect(good.stderr + bad.stderr).not.toContain(spelling)
  })
})

describe('sesame console without a browser to open', () => {
  beforeEach(() => begin())

  test('shows an address of this machine, and ends when it has led a browser to the console', async () => {
    const running = home.start(['console', '--console-endpoint', cloud.endpoint, '--service', 'ecs'])
    const [, address = ''] = await running.stderrMatches(/^ {2}(http:\/\/127\.0\.0\.1:\d+\/[\w-]{43})\n/m)
    const { headers, status } = await ask(address)
    expect(status).toBe(302)
    expect(String(headers.location)).toMatch(`${cloud.endpoint}?Action=Login&`)
    const { code, stdout, stderr } = await running.finished
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    for (const secret of secrets()) expect(stderr).not.toContain(secret)
    expect(await ask(String(headers.location))).toMatchObject({ status: 302 })
    expect(cloud.violations).toEqual([])
  })

  test('a refusal comes before any address is shown', async () => {
    cloud.options.accepts = () => false
    const { code, stderr } = await run()
    expect(code).toBe(1)
    expect(stderr).not.toMatch(/http:\/\/127/)
  })
})
