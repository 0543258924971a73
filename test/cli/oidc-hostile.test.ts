import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type Fault, makeServerTls, startHttpServer, startQuirkyProvider } from '../../mocks/index.ts'
import { backTo, openLoopbackBrowser } from '../support/loopback-browser.ts'
import { ageTokens, configureCorp, inOidcWorld, must } from '../support/oidc-world.ts'
import { startOnPty } from '../support/pty.ts'
import { inQuirkyWorld, profileAt, type QuirkyWorld, writeProfiles } from '../support/quirky-world.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

/** C0 but the line feed, DEL, C1, bidi and zero-width characters, line separators. */
const controls =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

const nasty =
  '\u001b[2J\u001b]52;c;ZXZpbA==\u0007\u001b]8;;http://evil.example\u001b\\A\rB\u009b31m\u202eC\u2028D'

const corp = ['--profile', 'corp']

/** What the provider announces, with other addresses in it. */
function announce({ op }: QuirkyWorld, members: Record<string, unknown>): void {
  const at = (path: string) => `${op.url}${path}`
  const body = {
    issuer: op.issuer,
    authorization_endpoint: at('/authorize'),
    device_authorization_endpoint: at('/device_authorization'),
    token_endpoint: at('/token'),
    jwks_uri: at('/jwks'),
    ...members,
  }
  op.fault('discovery', { kind: 'json', body }, { times: 5 })
}

/** A device answer with this address. */
function lead({ op }: QuirkyWorld, uri: string): void {
  const body = {
    device_code: 'device-code-of-no-sign-in',
    user_code: 'BCDF-GHJK',
    verification_uri: uri,
    verification_uri_complete: uri,
    expires_in: 600,
    interval: 1,
  }
  op.fault('device', { kind: 'json', body })
}

/** A sign-in at a terminal of a desktop, with a BROWSER that writes down its arguments. */
function atDesktop({ home: { home } }: QuirkyWorld, words: readonly string[]) {
  const file = join(home, 'opened')
  const program = join(home, 'browser')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$@" >'${file}'\n`)
  chmodSync(program, 0o755)
  const env = { SESAME_STORE: 'plaintext', BROWSER: program, DISPLAY: ':99' }
  const running = startOnPty(['login', ...corp, ...words], { home, env })
  return {
    running,
    opened: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\0').slice(0, -1) : []),
  }
}

describe.concurrent('addresses', () => {
  test.each([
    ['data:', 'data:text/html,x'],
    ['vscode:', 'vscode://file/etc/passwd'],
    ['a share of Windows', '\\\\host\\x'],
    ['an option', '-x'],
    ['a path', '/usr/bin/id'],
    ['10 kB', `https://127.0.0.1/${'x'.repeat(10_000)}`],
    ['an escape sequence', '\u001b]8;;https://evil.example\u001b\\https://127.0.0.1'],
  ])('[case 10] %s as the page for codes ends the login, and no browser starts', (_, uri) =>
    inQuirkyWorld({}, async (world) => {
      lead(world, uri)
      const { running, opened } = atDesktop(world, ['--flow', 'device'])
      const { code, stdout, seen } = await running.finished
      expect({ code, stdout }, seen).toEqual({ code: 6, stdout: '' })
      expect(seen).toMatch(/verification address/i)
      expect(seen.replaceAll('\r\n', '\n')).not.toMatch(controls)
      expect(opened()).toEqual([])
      expect(world.op.calls()).toEqual(['discovery', 'device'])
    })(),
  )

  test(
    '[case 10] a page for codes on a foreign host is shown with a warning, and not opened',
    inQuirkyWorld({ bends: ['device:other-host-uri'] }, async (world) => {
      const { running, opened } = atDesktop(world, ['--flow', 'device'])
      const { code, seen } = await running.finished
      expect(code).toBe(0)
      expect(seen).toContain('  https://evil.example.test/\r\n')
      expect(seen).toContain(
        `Warning: the verification URL is on evil.example.test, not on the configured host ${new URL(world.op.issuer).host}.\r\n`,
      )
      expect(opened()).toEqual([])
    }),
  )

  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    '/usr/bin/id',
    'http://idp.example.test/authorize',
    '-x',
  ])('[case 10] %s as the page to sign in at: refused before a browser starts', (address) =>
    inQuirkyWorld({}, async (world) => {
      announce(world, { authorization_endpoint: address })
      const { running, opened } = atDesktop(world, ['--flow', 'code'])
      const { code, stdout, seen } = await running.finished
      expect([2, 6], seen).toContain(code)
      expect(stdout).toBe('')
      expect(seen).toMatch(/authorization_endpoint/)
      expect(opened()).toEqual([])
      expect(world.op.calls()).toEqual(['discovery'])
    })(),
  )

  test(
    '[case 11] what a shell would run arrives as text in the one argument of the browser',
    inQuirkyWorld({}, async (world) => {
      const { op, home } = world
      announce(world, {
        authorization_endpoint: `${op.url}/authorize?x=$(touch PWN)\`touch PWN\`&y=;touch PWN|"'`,
      })
      const { running, opened } = atDesktop(world, ['--flow', 'code'])
      await running.shows(/Waiting for your browser/)
      await vi.waitFor(() => expect(opened()).toHaveLength(1))
      const [start = ''] = opened()
      expect(start).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/)
      const browser = openLoopbackBrowser()
      const { headers } = await browser.ask(start)
      const address = String(headers.location)
      expect(address).toBe(new URL(address).href)
      expect(address).not.toMatch(/[\s"]/)
      const { headers: back } = await browser.ask(address)
      expect((await browser.browse(new URL(String(back.location)))).page).toBe('/done')
      expect((await running.finished).code).toBe(0)
      expect(existsSync(join(home.home, 'work', 'PWN'))).toBe(false)
    }),
  )
})

describe.concurrent('texts', () => {
  const shown = async ({ home }: QuirkyWorld, exitCode: number): Promise<string> => {
    const { code, stdout, stderr } = await home.run(['login', ...corp])
    expect({ code, stdout }, stderr).toEqual({ code: exitCode, stdout: '' })
    expect(stderr).not.toMatch(controls)
    const [, message = ''] = stderr.split(/^sesame: /m)
    expect(message.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
    expect(stderr.length).toBeLessThan(2_500)
    return stderr
  }
  const refusal: Fault = {
    kind: 'json',
    status: 400,
    body: { error: `odd${nasty}`, error_description: `${nasty}\n${'x'.repeat(10_000)}` },
  }

  test.each(['device', 'token'] as const)('[case 12] an error of %s is escaped and cut', (call) =>
    inQuirkyWorld({}, async (world) => {
      world.op.fault(call, refusal)
      expect(await shown(world, 1)).toContain('\\u001b[2J')
    })(),
  )

  test(
    '[case 12] the issuer that a document names',
    inQuirkyWorld({}, async (world) => {
      announce(world, { issuer: nasty })
      expect(await shown(world, 2)).toContain('\\u001b[2J')
    }),
  )

  test(
    '[case 12] the name of who signed in',
    inQuirkyWorld({ dialect: { claims: () => ({ preferred_username: nasty }) } }, async (world) => {
      expect(await shown(world, 0)).toMatch(/Signed in as \\u001b\[2J/)
    }),
  )

  test(
    '[case 12] the audience of a foreign ID token',
    inQuirkyWorld({ dialect: { claims: () => ({ aud: nasty }) } }, async (world) => {
      expect(await shown(world, 1)).toMatch(/is for .*\\u001b/)
    }),
  )

  test(
    '[case 12] what the browser brings back: escaped here, and not repeated on the page',
    inQuirkyWorld({}, async ({ op, home }) => {
      const running = home.start(['login', ...corp, '--flow', 'code'])
      const [, url = ''] = await running.stderrMatches(/^ {2}(http\S+)\n/m)
      const error = { error: `odd${nasty}`, error_description: `${nasty}<script>alert(1)</script>` }
      const browser = openLoopbackBrowser()
      const back = backTo(await browser.begin(url), { iss: op.issuer, ...error })
      const { answer } = await browser.browse(back)
      expect(answer.body).toContain('Sign-in failed')
      expect(answer.body).not.toMatch(/script|evil|odd/)
      const { code, stdout, stderr } = await running.finished
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).not.toMatch(controls)
      expect(stderr).toContain('\\u001b[2J')
      expect(op.calls()).not.toContain('token')
    }),
  )
})

describe.concurrent('two providers', () => {
  test(
    '[case 24] tokens of one are never seen by the other; another issuer makes the stored sign-in unused',
    inQuirkyWorld({}, async ({ op: a, home }) => {
      const b = await startQuirkyProvider({ intervalSeconds: 0.1, preset: 'keycloak' })
      try {
        writeProfiles(home, { a: profileAt(a), b: profileAt(b) })
        const get = (name: string) => home.run(['token', 'get', '--profile', name])
        for (const name of ['a', 'b']) await must(home.run(['login', '--profile', name]))
        ageTokens({ home }, 'token', -1000)
        expect(await must(get('a'))).not.toBe(await must(get('b')))
        expect([a, b].map(({ log }) => log.map(({ kind }) => kind))).not.toContain('refused')

        const before = { a: a.requests.length, b: b.requests.length }
        await must(home.run(['configure', '--profile', 'a', '--issuer', b.issuer, '--client-id', 'another']))
        expect(await get('a')).toMatchObject({ code: 3, stdout: '' })
        await must(home.run(['configure', '--profile', 'a', '--client-id', b.clientId]))
        // The same sign-in as that of profile b now.
        expect(await must(get('a'))).toBe(await must(get('b')))
        expect(a.requests.slice(before.a).filter(({ path }) => path === '/token')).toEqual([])
        await must(home.run(['logout', '--profile', 'b']))
        expect([...a.violations, ...b.violations]).toEqual([])
        expect(b.requests.length).toBeGreaterThan(before.b)
      } finally {
        await b.close()
      }
    }),
  )
})

describe.concurrent('redirects', () => {
  const inThiefWorld = (run: (world: QuirkyWorld & { thief: string }) => Promise<void>) =>
    inQuirkyWorld({}, async (world) => {
      const thief = await startHttpServer({ routes: {} })
      try {
        await run({ ...world, thief: `${thief.url}/steal` })
        expect(thief.requests).toEqual([])
      } finally {
        await thief.close()
      }
    })

  test.each([302, 307])(
    '[case 85] [case 87] %i is not followed, from no call of a sign-in, a renewal or a logout',
    (status) =>
      inThiefWorld(async ({ op, home, thief }) => {
        const redirected = /redirects \(HTTP \d+\) to 127\.0\.0\.1:\d+, which is not followed\.$/m
        const refused = async (words: readonly string[]) => {
          const { code, stdout, stderr } = await home.run([...words, ...corp])
          expect({ code, stdout }, stderr).toEqual({ code: 6, stdout: '' })
          expect(stderr).toMatch(redirected)
        }
        for (const call of ['discovery', 'device', 'token', 'jwks'] as const) {
          op.fault(call, { kind: 'redirect', to: thief, status }, { times: 5 })
          await refused(['login'])
          op.clearFaults()
        }
        expect(home.items()).toEqual([])
        await must(home.run(['login', ...corp]))
        ageTokens({ home }, 'token', -1000)
        op.fault('token', { kind: 'redirect', to: thief, status }, { times: 5 })
        await refused(['token', 'get'])
        op.fault('revocation', { kind: 'redirect', to: thief, status }, { times: 5 })
        const { code, stderr } = await home.run(['logout', ...corp])
        expect(code).toBe(0)
        expect(stderr).toMatch(redirected)
        expect(op.violations).toEqual([])
      })(),
  )
})

describe.concurrent('plain http', () => {
  test.each([
    'http://idp.example.test',
    'http://localhost:8080',
    'http://127.0.0.1.evil.example.test',
    'http://LOCALHOST',
    'ftp://idp.example.test',
    'https://user:pw@idp.example.test',
  ])('[case 87] %s as the issuer is refused by configure: exit 2, nothing written', (issuer) =>
    inQuirkyWorld({ profile: false }, async ({ home }) => {
      const words = ['configure', ...corp, '--issuer', issuer, '--client-id', 'sesame']
      const { code, stdout, stderr } = await home.run(words)
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
      expect(stderr).not.toContain('pw@')
      expect(home.config().profiles).toEqual({})
    })(),
  )

  test(
    '[case 87] one written into the configuration by hand is not asked either',
    inQuirkyWorld({}, async ({ op, home }) => {
      const issuer = op.issuer.replace('127.0.0.1', 'localhost')
      writeProfiles(home, { corp: profileAt(op, { issuer }) })
      const { code, stdout, stderr } = await home.run(['login', ...corp])
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
      expect(op.requests).toEqual([])
    }),
  )

  const tls = makeServerTls()
  test.each(['token_endpoint', 'jwks_uri', 'device_authorization_endpoint', 'authorization_endpoint'])(
    '[case 25] [case 87] a provider at home on https with its %s on http, even here: exit 2, both named',
    (name) =>
      inQuirkyWorld({ tls }, async (world) => {
        const { op, home } = world
        const ca = join(home.home, 'ca.pem')
        writeFileSync(ca, tls.ca)
        announce(world, { [name]: 'http://127.0.0.1:1/x' })
        const { code, stdout, stderr } = await home.run(['login', ...corp], {
          env: { NODE_EXTRA_CA_CERTS: ca },
        })
        expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain(`The ${name} of ${op.issuer} must be https too, not http://127.0.0.1:1/x`)
        expect(op.calls()).toEqual(['discovery'])
      })(),
  )
})

describe.concurrent('time', () => {
  test(
    '[case 3] slow_down adds five seconds to the wait, and the provider is content',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { role: false })
      const { oidc, home } = world
      oidc.slowDown()
      await must(home.run(['login', ...corp]))
      const [first, second] = oidc.requests.filter(({ path }) => path === '/token')
      expect((second?.atMs ?? 0) - (first?.answeredAtMs ?? 0)).toBeGreaterThanOrEqual(5_200)
      expect(oidc.violations).toEqual([])
    }),
  )

  test(
    '[case 7] a code that is valid for one second ends as expired, in about that time',
    inQuirkyWorld({ approve: 'manual', dialect: { deviceCodeSeconds: 1 } }, async ({ op, home }) => {
      const started = performance.now()
      const { code, stdout, stderr } = await home.run(['login', ...corp])
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
      expect(stderr).toContain('expired')
      expect(stderr).toMatch(/^Run the same command again and approve sooner\.$/m)
      expect(performance.now() - started).toBeLessThan(30_000)
      expect(op.violations).toEqual([])
    }),
  )

  test.each([0, 1, 3, 6, 12, 25, 50])(
    '[case 18] Ctrl-C %i ms after the approved poll arrived: signed in, or not, but nothing in between',
    (delayMs) =>
      inQuirkyWorld({ approve: 'auto' }, async ({ op, home }) => {
        const running = home.start(['login', ...corp], { ownProcess: true })
        await vi.waitFor(() => expect(op.calls()).toContain('token'), { timeout: 10_000, interval: 2 })
        await new Promise((resolve) => setTimeout(resolve, delayMs))
        running.child.kill('SIGINT')
        const { code, stdout } = await running.finished
        expect([0, 130]).toContain(code)
        expect(stdout).toBe('')
        // What is pending is no sign-in.
        const stored = home.items().filter(({ value }) => value.accessToken !== undefined).length
        if (code === 0) expect(stored).toBe(1)
        expect(await home.run(['token', 'get', ...corp])).toMatchObject({ code: stored === 1 ? 0 : 3 })
        expect(home.locks()).toEqual([])
      })(),
  )
})
