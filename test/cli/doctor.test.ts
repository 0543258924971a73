import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Reply } from '../../mocks/http/reply.ts'
import { createTestCa, startHttpProxy, startHttpServer } from '../../mocks/index.ts'
import { askServer } from '../../src/doctor/servers.ts'
import { systemClock } from '../../src/kit/index.ts'
import { openFetch } from '../http/support/open-fetch.ts'
import { aliyunCloudSso, planted, recordPlanted, writeAcsSso, writeAliyun } from '../support/foreign-home.ts'
import { type Keyring, startKeyring } from '../support/keyring.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { secretItems } from '../support/secret-items.ts'
import { type Finished, makeHome, runSesame } from '../support/sesame.ts'

runCommandsHere()

interface Finding {
  check: string
  status: string
  message: string
  fix?: string
}

let home: string
let remove: () => void
let portal: TestPortal

const run = (words: readonly string[], env: Record<string, string> = {}) =>
  runSesame(words, { home, env: { SESAME_STORE: 'plaintext', ...env } })

/** The findings of `doctor --json`, which must be the same kind of thing on every path. */
async function diagnose(words: readonly string[] = [], env: Record<string, string> = {}) {
  const done = await run(['doctor', '--json', ...words], env)
  const findings: Finding[] = JSON.parse(done.stdout)
  for (const finding of findings) {
    expect(['ok', 'warning', 'problem']).toContain(finding.status)
    expect(typeof finding.message).toBe('string')
    expect(finding.fix === undefined, finding.message).toBe(finding.status === 'ok')
  }
  expect(done.code).toBe(findings.some(({ status }) => status === 'problem') ? 1 : 0)
  const of = (check: string) => findings.filter((finding) => finding.check === check)
  return { ...done, findings, of }
}

function configure(content: object): void {
  const directory = join(home, '.config', 'sesame')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'config.json')
  writeFileSync(path, JSON.stringify({ version: 1, profiles: {}, ...content }), { mode: 0o600 })
}

function expectNoSecret({ stdout, stderr }: Pick<Finished, 'stdout' | 'stderr'>): void {
  const secrets = [...Object.values(planted), ...portal.issued.map(({ value }) => value)]
  for (const value of secrets) expect(`${stdout}${stderr}`).not.toContain(value)
}

beforeAll(async () => {
  recordPlanted()
  portal = await startPortal()
})
afterAll(() => portal.stop())
beforeEach(() => {
  ;({ home, remove } = makeHome())
  portal.clearFaults()
})
afterEach(() => remove())

describe('doctor with a real keychain', () => {
  let keyring: Keyring
  const onBus = () => ({
    SESAME_STORE: '',
    DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS ?? '',
  })
  beforeAll(async () => {
    keyring = await startKeyring({ mode: 'unlocked' })
  })
  afterAll(() => keyring.stop())

  test('signed in and all well: exit 0, one line a finding, one harmless request, the keychain as before', async () => {
    configure({ signInUrl: portal.signInUrl })
    expect((await run(['login', '--profile', 'dev', '--no-browser'], onBus())).code).toBe(0)
    const items = secretItems(keyring).names.sort()
    const before = portal.requests.length
    const done = await run(['doctor'], onBus())
    expect(done).toMatchObject({ code: 0, stderr: '' })
    const lines = done.stdout.trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^ok {7}\w/)
    expect(done.stdout).toMatch(/^ok +store +keychain: unlocked; it kept and returned a test item$/m)
    expect(done.stdout).toMatch(
      /^ok +profile +dev \(current\): valid until \S+; renews by itself until \S+$/m,
    )
    expect(done.stdout).toMatch(/^ok +portal +http:\/\/127\.0\.0\.1:\d+ answers in \d+ ms, directly/m)
    expect(done.stdout).toMatch(/^ok +clock +right/m)
    expect(portal.calls().slice(before)).toEqual(['POST /token'])
    expect(portal.violations).toEqual([])
    expect(secretItems(keyring).names.sort()).toEqual(items)
    expectNoSecret(done)
  })

  test('--offline sends nothing', async () => {
    configure({ signInUrl: portal.signInUrl })
    const before = portal.requests.length
    const { of } = await diagnose(['--offline'], onBus())
    expect(of('portal')).toMatchObject([{ status: 'ok', message: expect.stringContaining('not asked') }])
    expect(portal.requests).toHaveLength(before)
  })

  test('[case 40] a locked keychain: a problem, no prompt, profiles are not called signed out', async () => {
    const profiles = {
      dev: { kind: 'cloudsso', store: 'keychain', accountId: '1', accessConfigurationId: 'ac-1' },
    }
    configure({ signInUrl: portal.signInUrl, profiles })
    await keyring.lock()
    try {
      const { code, of } = await diagnose([], onBus())
      expect(code).toBe(1)
      expect(of('store')).toMatchObject([
        { status: 'problem', message: expect.stringMatching(/^keychain: .*locked/) },
      ])
      expect(of('profile')).toMatchObject([
        { status: 'warning', message: 'dev: its store cannot be read just now' },
      ])
    } finally {
      await keyring.unlock()
    }
  })
})

test('[case 40] a keychain that hangs and a portal that hangs: all findings within 10 s', async () => {
  const keyring = await startKeyring({ mode: 'hung' })
  const silent = await startHttpServer({ routes: {}, latencyMs: 60_000 })
  onTestFinished(async () => {
    await silent.close()
    await keyring.stop()
  })
  const names = Array.from({ length: 12 }, (_, i) => `p${i}`)
  const profile = { kind: 'cloudsso', store: 'keychain', accountId: '1', accessConfigurationId: 'ac-1' }
  configure({
    signInUrl: `${silent.url}/acme/login`,
    profiles: Object.fromEntries(names.map((name) => [name, profile])),
  })
  const startedMs = performance.now()
  const { of } = await diagnose([], {
    SESAME_STORE: '',
    DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS ?? '',
  })
  expect(performance.now() - startedMs).toBeLessThan(30_000)
  expect(of('store')).toMatchObject([{ status: 'problem' }])
  expect(of('portal')).toMatchObject([
    { status: 'problem', message: expect.stringContaining('no answer within 5 s') },
  ])
  expect(of('profile')).toHaveLength(12)
})

describe('configuration', () => {
  test('none yet: a warning with the first command', async () => {
    const { code, of } = await diagnose()
    expect(code).toBe(0)
    expect(of('config')).toMatchObject([
      { status: 'warning', fix: 'sesame configure --signin-url https://…/login' },
    ])
  })

  test('broken: reported as a problem, and the other checks still run', async () => {
    configure({})
    writeFileSync(join(home, '.config', 'sesame', 'config.json'), '{"profiles": [', { mode: 0o600 })
    const { of, findings } = await diagnose(['--profile', 'dev'])
    expect(of('config')).toMatchObject([
      { status: 'problem', message: expect.stringContaining('not valid JSON') },
    ])
    expect(findings.length).toBeGreaterThan(4)
  })

  test('open to others; a bad SESAME_STORE; a relative SESAME_CONFIG_DIR', async () => {
    configure({ currentProfile: 'gone' })
    chmodSync(join(home, '.config', 'sesame', 'config.json'), 0o644)
    chmodSync(join(home, '.config', 'sesame'), 0o777)
    const { of } = await diagnose([], { SESAME_STORE: 'floppy' })
    expect(of('config')).toMatchObject([
      { status: 'ok' },
      { status: 'warning', message: expect.stringContaining('mode 0644') },
      { status: 'problem', fix: expect.stringMatching(/^chmod 700 /) },
      { status: 'warning', message: 'the current profile gone does not exist' },
    ])
    expect(of('store')[0]).toMatchObject({ status: 'problem', message: 'Unknown store in SESAME_STORE.' })
    const relative = await diagnose([], { SESAME_CONFIG_DIR: 'here' })
    expect(relative.of('config')).toMatchObject([{ status: 'problem' }])
  })

  test('--profile looks at one only; one that does not exist is exit 2', async () => {
    const profile = { kind: 'cloudsso' }
    configure({ signInUrl: portal.signInUrl, profiles: { a: profile, b: profile } })
    expect((await diagnose(['--offline', '--profile', 'b'])).of('profile')).toMatchObject([
      { status: 'warning', message: 'b: signed out', fix: 'sesame login --profile b' },
    ])
    expect(await run(['doctor', '--profile', 'nobody'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'sesame: There is no profile nobody.\n"sesame profile list" shows all.\n',
    })
  })
})

describe('the portal', () => {
  test('that is not there is a problem', async () => {
    configure({ signInUrl: 'http://127.0.0.1:9/acme/login' })
    expect((await diagnose()).of('portal')).toMatchObject([
      { status: 'problem', message: expect.stringContaining('ECONNREFUSED') },
    ])
  })

  test('[case 29] a clock that is wrong against the Date header', async () => {
    for (const [dateOffsetSeconds, status, message] of [
      [-120, 'warning', 'this clock is 2 min fast'],
      [3600, 'problem', 'this clock is 60 min slow'],
    ] as const) {
      const other = await startPortal({ dateOffsetSeconds })
      configure({ signInUrl: other.signInUrl })
      const { of } = await diagnose()
      expect(of('clock')).toMatchObject([{ status, message }])
      await other.stop()
    }
  })

  describe('[case 152] something else answers in the place of a server', () => {
    const page = '<!doctype html><title>Hotel network</title><a href="http://hotel.example/">Sign in</a>'
    const html = { 'content-type': 'text/html' }
    const answers: [string, Reply, RegExp][] = [
      ['302', { status: 302, headers: { location: 'http://hotel.example/?next=x' }, body: '' }, /redirects/],
      ['303 to itself', { status: 303, headers: { location: '/welcome' }, body: '' }, /redirects/],
      ['200 HTML', { status: 200, headers: html, body: page }, /status 200 with a page/],
      ['200 HTML that says JSON', { status: 200, body: page }, /status 200 with a page/],
      ['200 empty', { status: 200, body: '' }, /status 200 with a page or nothing/],
      ['204', { status: 204, body: '' }, /status 204 with a page or nothing/],
      ['403 HTML of a filter', { status: 403, headers: html, body: page }, /status 403 with a page/],
      ['511 (RFC 6585)', { status: 511, headers: html, body: page }, /status 511/],
      ['200 JSON of another', { status: 200, body: { portal: 'hotel', user_url: page } }, /JSON that is not/],
      ['200 JSON array', { status: 200, body: [] }, /JSON that is not/],
    ]

    test.each(answers)('%s', async (_, reply, reason) => {
      const server = await startHttpServer({ routes: {}, fallback: () => reply })
      onTestFinished(() => server.close())
      const { url } = server
      const profiles = {
        sso: { kind: 'cloudsso', signInUrl: `${url}/acme/login` },
        corp: { kind: 'oidc', issuer: `${url}/corp`, clientId: 'cli' },
        api: { kind: 'idaas', idaasUrl: url, applicationUuid: 'u-1', appKey: 'k-1' },
      }
      for (const [name, check] of [
        ['sso', 'portal'],
        ['corp', 'issuer'],
        ['api', 'idaas'],
      ] as const) {
        configure({ profiles: { [name]: profiles[name] } })
        const found = (await diagnose()).of(check)
        expect(found, check).toMatchObject([{ status: 'problem', fix: expect.stringMatching(/\S/) }])
        if (check !== 'issuer') expect(found[0]?.message).toMatch(reason)
      }
      const { of } = await diagnose(['--profile', 'api'])
      expect(of('clock'), 'the clock of a stranger is not looked at').toEqual([])
      const sts = await askServer(
        { role: 'sts', url },
        {
          fetch: openFetch(),
          clock: systemClock,
          signal: new AbortController().signal,
        },
      )
      expect(sts).toMatchObject({ kind: 'failed', message: expect.stringMatching(reason) })
    })

    test('511 says that the network wants a sign-in', async () => {
      const server = await startHttpServer({ routes: {}, fallback: () => ({ status: 511, body: page }) })
      onTestFinished(() => server.close())
      configure({ signInUrl: `${server.url}/acme/login` })
      expect((await diagnose()).of('portal')[0]?.fix).toMatch(/sign-in of its own \(HTTP 511\)/)
    })
  })

  describe('[case 82] [case 84] TLS through a proxy', () => {
    const open = async () => {
      const directory = mkdtempSync(join(tmpdir(), 'doctor-ca-'))
      const ca = createTestCa()
      const { key, cert } = ca.issue({ hosts: ['portal.test'] })
      const caFile = join(directory, 'ca.pem')
      writeFileSync(caFile, ca.ca)
      const secure = await startPortal({ tls: { key, cert }, publicUrl: 'https://localhost:8443' })
      const hosts: Record<string, string> = { 'portal.test:443': `127.0.0.1:${secure.port}` }
      const server = await startHttpProxy({ auth: { user: 'me', password: 'proxy-pass-word' }, hosts })
      const proxy = Object.assign(server, { hosts })
      onTestFinished(async () => {
        await secure.stop()
        await proxy.close()
        rmSync(directory, { recursive: true })
      })
      const proxyUrl = proxy.url.replace('://', '://me:proxy-pass-word@')
      return { secure, proxyUrl, caFile, proxy, ca }
    }

    test('names the proxy and its variable, not its password; an unknown CA is a problem with its fix', async () => {
      const { proxyUrl, caFile, proxy } = await open()
      configure({ signInUrl: 'https://portal.test/acme/login' })
      const trusted = await diagnose([], { HTTPS_PROXY: proxyUrl, SESAME_CA_FILE: caFile })
      const [finding] = trusted.of('portal')
      expect(finding).toMatchObject({ status: 'ok', message: expect.stringMatching(/, TLS ok$/) })
      expect(`${trusted.stdout}${trusted.stderr}`).not.toContain('proxy-pass-word')
      expect(proxy.tunnels.length).toBeGreaterThan(0)
      expect(finding?.message).toMatch(/proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\)/)
      const untrusted = await diagnose([], { HTTPS_PROXY: proxyUrl })
      expect(untrusted.of('portal')).toMatchObject([
        { status: 'problem', fix: expect.stringContaining('SESAME_CA_FILE') },
      ])
      expect(`${untrusted.stdout}${untrusted.stderr}`).not.toContain('proxy-pass-word')
    })

    test('[case 152] a network whose DNS answers for every name: the certificate is of another host', async () => {
      const { caFile, proxyUrl, ca, proxy } = await open()
      const { key, cert } = ca.issue({ hosts: ['hotel.test'] })
      const page = () => ({ status: 200, body: '<title>Hotel network</title>' })
      const hotel = await startHttpServer({ routes: {}, fallback: page, tls: { key, cert } })
      onTestFinished(() => hotel.close())
      proxy.hosts['portal.test:443'] = `127.0.0.1:${hotel.port}`
      configure({ signInUrl: 'https://portal.test/acme/login' })
      const { of } = await diagnose([], { HTTPS_PROXY: proxyUrl, SESAME_CA_FILE: caFile })
      expect(of('portal')).toMatchObject([
        {
          status: 'problem',
          message: expect.stringContaining('certificate is for another host'),
          fix: expect.stringContaining('something else may be answering'),
        },
      ])
    })

    test('a proxy that is not there is named', async () => {
      configure({ signInUrl: 'https://portal.test/acme/login' })
      const { of } = await diagnose([], { https_proxy: 'http://127.0.0.1:9' })
      expect(of('portal')).toMatchObject([
        { status: 'problem', message: expect.stringContaining('(https_proxy)') },
      ])
    })
  })
})

describe('leftovers and the environment', () => {
  test('files of other tools, our plaintext store, and no secret in any finding', async () => {
    configure({ signInUrl: portal.signInUrl })
    await run(['login', '--profile', 'dev', '--no-browser'])
    writeAcsSso(home, { signInUrl: portal.signInUrl, profiles: { dev: '1:ac-1' } })
    const path = writeAliyun(home, [aliyunCloudSso('sso\u001b[2J', portal.signInUrl)], 'sso\u001b[2J')
    const words = ['--offline']
    const done = await diagnose(words, {
      SESAME_STORE: '',
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tExample',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: planted.acsKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: planted.acsToken,
      ALIBABA_CLOUD_CREDENTIALS_URI: `http://127.0.0.1:1/${planted.acsBearer}`,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    })
    expectNoSecret(done)
    expect(done.stdout).not.toContain('\u001b')
    expect(done.of('leftovers')).toMatchObject([
      { status: 'problem', fix: 'sesame profile import --from acs-sso --delete-source' },
      {
        status: 'warning',
        message: expect.stringContaining(`${path}: access_token, access_key_secret, sts_token`),
      },
    ])
    expect(done.of('store')).toMatchObject([{ status: 'warning' }])
    expect(done.of('environment')).toMatchObject([{ status: 'problem' }])
    expect(done.of('tls')).toMatchObject([{ status: 'problem', fix: 'unset NODE_TLS_REJECT_UNAUTHORIZED' }])
    expect(done.of('sdk-chain')).toMatchObject([{ status: 'warning' }])
    expect(done.of('aliyun-cli')).toMatchObject([{ status: 'warning' }])
    const table = await run(['doctor', ...words])
    expect(table.stdout).not.toContain('\u001b')
    for (const line of table.stdout.trimEnd().split('\n'))
      expect(line).toMatch(/^ok |^(?:warning|problem) .* {2}-> {2}\S/)
  })

  test('what "login --env" leaves in a shell is found right, and later expired', async () => {
    configure({ signInUrl: portal.signInUrl })
    const { stdout } = await run(['login', '--profile', 'dev', '--no-browser', '--format', 'dotenv'])
    const variables = Object.fromEntries(
      [...stdout.matchAll(/^(\w+)=["']?(.*?)["']?$/gm)].map(([, name = '', value = '']) => [name, value]),
    )
    const fresh = await diagnose(['--offline'], variables)
    expect(fresh.of('environment')).toMatchObject([{ status: 'ok', message: 'the keys in this shell agree' }])
    expect(fresh.of('sdk-chain')).toMatchObject([
      { message: expect.stringContaining('profile dev of sesame') },
    ])
    const stale = await diagnose(['--offline'], { ...variables, SESAME_EXPIRATION: '2020-01-01T00:00:00Z' })
    expect(stale.of('environment')).toMatchObject([
      { status: 'problem', fix: 'eval "$(sesame login --profile dev --env)"' },
    ])
  })

  test('[case 36] odd things in the place of foreign files are reported, not followed into', async () => {
    configure({ signInUrl: portal.signInUrl })
    mkdirSync(join(home, '.aliyun', 'config.json'), { recursive: true })
    mkdirSync(join(home, '.alibabacloud_sso_sts'))
    const { of } = await diagnose(['--offline'])
    expect(of('leftovers')).toMatchObject([
      { status: 'warning', message: expect.stringContaining('not a regular file') },
      { status: 'warning', message: expect.stringContaining('not a regular file') },
    ])
  })
})
