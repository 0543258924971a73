import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { runHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

/** Writes down how it was called: arguments in one file, NUL after each; one line for each call in another. */
const recorder = `#!/bin/sh
printf '%s\\0' "$@" >"$HOME/opened-arguments"
env >"$HOME/opener-environment"
echo "\${0##*/}" >>"$HOME/opened"
`

let portal: TestPortal
let home: ReturnType<typeof makeHome>
let bin: string

beforeEach(async () => {
  portal = await startPortal()
  home = makeHome()
  bin = join(home.home, 'bin')
  mkdirSync(bin)
  // A PATH of our own: the machine's xdg-open must not answer in the place of ours.
  for (const program of ['sh', 'env', 'sleep']) symlinkSync(`/usr/bin/${program}`, join(bin, program))
  await runHere(['configure', '--signin-url', portal.signInUrl], { home: home.home })
})
afterEach(async () => {
  await portal.stop()
  home.remove()
})

function install(name: string, script = recorder): string {
  const file = join(bin, name)
  writeFileSync(file, script)
  chmodSync(file, 0o755)
  return file
}

/** Signs in at a terminal of a desktop, unless `env` says otherwise. */
function signIn(words: readonly string[] = [], env: Record<string, string | undefined> = {}) {
  const wanted = { DISPLAY: ':99', SESAME_STORE: 'memory', PATH: bin, ...env }
  return startOnPty(['login', ...words], { home: home.home, env: wanted })
}

function opened(): { calls: string[]; arguments: string[] } {
  const read = (name: string) => {
    const file = join(home.home, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  return {
    calls: read('opened').split('\n').slice(0, -1),
    arguments: read('opened-arguments').split('\0').slice(0, -1),
  }
}

function completeAddress(seen: string): string {
  return seen.match(/http:\S+user_code=\S+/)?.[0] ?? 'none'
}

describe('a browser on a desktop', () => {
  test('[case 11] xdg-open runs once, with the complete address as its one argument', async () => {
    install('xdg-open')
    const { code, seen, stdout } = await signIn().finished
    expect(code).toBe(0)
    expect(seen).toContain('Your browser opens to sign you in. If it does not, go to:\r\n')
    expect(opened()).toEqual({ calls: ['xdg-open'], arguments: [completeAddress(seen)] })
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
  })

  test('[case 11] what a shell would run arrives as text in one argument', async () => {
    install('xdg-open')
    const nasty = '&a=$(touch PWN)`touch PWN`&calc;touch PWN|"\'\\&b=%0a&c=é'
    portal.transform('POST /device-authorization', (body) => ({
      ...body,
      VerificationUriComplete: `${body.VerificationUriComplete}${nasty}`,
    }))
    const { code } = await signIn().finished
    expect(code).toBe(0)
    const { calls, arguments: words } = opened()
    expect(calls).toHaveLength(1)
    expect(words).toHaveLength(1)
    expect(words[0]).toBe(new URL(words[0] ?? '').href)
    expect(words[0]).toContain('&a=$(touch%20PWN)`touch%20PWN`&calc;touch%20PWN|%22%27\\&b=%0a&c=%C3%A9')
    expect(existsSync(join(home.home, 'work', 'PWN'))).toBe(false)
  })

  test('the opener inherits the environment, but not what opens the store', async () => {
    install('xdg-open')
    const { code } = await signIn([], {
      SESAME_STORE: 'encrypted-file',
      SESAME_PASSPHRASE: 'correct horse battery staple',
    }).finished
    expect(code).toBe(0)
    const environment = readFileSync(join(home.home, 'opener-environment'), 'utf8')
    expect(environment).toContain('DISPLAY=:99')
    expect(environment).not.toContain('SESAME_PASSPHRASE')
    expect(environment).not.toContain('correct horse')
  })
})

describe('[case 17] no browser where none belongs', () => {
  const cases: [string, string[], Record<string, string | undefined>][] = [
    ['--no-browser', ['--no-browser'], {}],
    ['BROWSER=none', [], { BROWSER: 'none' }],
    ['an SSH session', [], { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' }],
    ['no display', [], { DISPLAY: undefined }],
    ['CI', [], { CI: 'true' }],
  ]
  test.each(cases)('%s', async (_name, words, env) => {
    install('xdg-open')
    const { code, seen } = await signIn(words, env).finished
    expect(code).toBe(0)
    expect(seen).toContain('Sign in with your browser at:\r\n')
    expect(completeAddress(seen)).toMatch(/user_code=\w{4}-\w{4}$/)
    expect(opened().calls).toEqual([])
  })

  test('no terminal', async () => {
    install('xdg-open')
    const env = { DISPLAY: ':99', SESAME_STORE: 'memory', PATH: bin }
    const { code, stderr } = await runSesame(['login'], { home: home.home, env })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Waiting for your approval, (?:10:00|9:59) left\.$/m)
    expect(opened().calls).toEqual([])
  })

  test('[case 10] an address on another host is shown with a warning and not opened', async () => {
    install('xdg-open')
    const elsewhere = (uri: unknown) => String(uri).replace(portal.url, 'https://evil.example')
    portal.transform('POST /device-authorization', (body) => ({
      ...body,
      VerificationUri: elsewhere(body.VerificationUri),
      VerificationUriComplete: elsewhere(body.VerificationUriComplete),
    }))
    const { code, seen } = await signIn().finished
    expect(code).toBe(0)
    expect(seen).toContain('  https://evil.example/device/code?user_code=')
    const { host } = new URL(portal.url)
    expect(seen).toContain(
      `Warning: the verification URL is on evil.example, not on the configured host ${host}.\r\n`,
    )
    expect(opened().calls).toEqual([])
  })

  test.each([
    [
      'the genuine page of CloudSSO',
      'signin-cn-shanghai.alibabacloudsso.com',
      'signin-cn-shanghai.alibabacloudsso.com',
    ],
    ['that page for another device only', undefined, 'signin-cn-shanghai.alibabacloudsso.com'],
    ['that page in this browser only', 'signin-cn-shanghai.alibabacloudsso.com', undefined],
  ])('[case 106] a foreign sign-in URL that leads to %s: a warning', async (_, complete, plain) => {
    install('xdg-open')
    const at = (host: string | undefined, uri: unknown) =>
      host === undefined ? uri : String(uri).replace(portal.url, `https://${host}`)
    portal.transform('POST /device-authorization', (body) => ({
      ...body,
      VerificationUri: at(plain, body.VerificationUri),
      VerificationUriComplete: at(complete, body.VerificationUriComplete),
    }))
    const { code, seen } = await signIn().finished
    expect(code).toBe(0)
    const { host } = new URL(portal.url)
    const warning = `Warning: the verification URL is on signin-cn-shanghai.alibabacloudsso.com, not on the configured host ${host}.\r\n`
    expect(seen.split(warning)).toHaveLength(2)
    expect(opened().calls).toEqual(complete === undefined ? ['xdg-open'] : [])
  })

  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'vscode://x',
    '/usr/bin/id',
    '-x',
    'http://portal.example/',
  ])('[case 10] %s as the address ends the login and starts nothing', async (address) => {
    install('xdg-open')
    portal.transform('POST /device-authorization', (body) => ({
      ...body,
      VerificationUri: address,
      VerificationUriComplete: address,
    }))
    const { code, stdout } = await signIn().finished
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    expect(opened().calls).toEqual([])
    expect(portal.calls()).toEqual(['POST /device-authorization'])
  })
})

describe('[case 17] an opener that is no use', () => {
  test('none on the machine: said in one line, and the login goes on', async () => {
    const { code, seen } = await signIn().finished
    expect(code).toBe(0)
    expect(seen).toContain('The browser could not be opened; use the address above.\r\n')
  })

  test('one that fails: the login goes on', async () => {
    install('xdg-open', `${recorder}exit 1\n`)
    const { code } = await signIn().finished
    expect(code).toBe(0)
    expect(opened().calls).toHaveLength(1)
  })

  test('one that hangs: nothing waits for it, neither the login nor the end of the process', async () => {
    install('xdg-open', `${recorder}echo $$ >"$HOME/opener-pid"\nexec sleep 60\n`)
    const { code } = await signIn().finished
    expect(code).toBe(0)
    const pid = Number(readFileSync(join(home.home, 'opener-pid'), 'utf8'))
    // Still there: it did not have to end for us to end. Throws if it has gone.
    expect(process.kill(pid, 'SIGKILL')).toBe(true)
  })
})

describe('BROWSER', () => {
  test.each([
    ['a program', 'firefox', (address: string) => [address]],
    ['a program with arguments', 'firefox --new-window', (address: string) => ['--new-window', address]],
    ['%s for the address', 'firefox --url %s', (address: string) => ['--url', address]],
    ['%s before other arguments', 'firefox %s --new-window', (address: string) => [address, '--new-window']],
    ['%s inside an argument', 'firefox --url=%s', (address: string) => [`--url=${address}`]],
    ['the first of several', 'firefox:chromium', (address: string) => [address]],
  ])('%s: %s', async (_name, value, wanted) => {
    install('firefox')
    install('xdg-open')
    const { code, seen } = await signIn([], { BROWSER: value }).finished
    expect(code).toBe(0)
    expect(opened()).toEqual({ calls: ['firefox'], arguments: wanted(completeAddress(seen)) })
  })

  test('it holds over SSH and without a display: remote editors bring one that opens at home', async () => {
    const helper = install('open-at-home')
    const { code } = await signIn([], { BROWSER: helper, DISPLAY: undefined, SSH_CONNECTION: 'x' }).finished
    expect(code).toBe(0)
    expect(opened().calls).toEqual(['open-at-home'])
  })

  test('a program that does not exist: said in one line, and the login goes on', async () => {
    const { code, seen } = await signIn([], { BROWSER: '/nonexistent/browser' }).finished
    expect(code).toBe(0)
    expect(seen).toContain('The browser could not be opened; use the address above.\r\n')
  })
})
