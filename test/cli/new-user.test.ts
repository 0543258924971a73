import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startHttpServer } from '../../mocks/index.ts'
import { startKeyring } from '../support/keyring.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

runCommandsHere()

/*
 * The first hour with sesame, and everything that goes wrong in it: an empty HOME, no keychain, nothing in the environment
 * but PATH. Each answer is at most two lines: what failed, and what to do.
 */

let home: ReturnType<typeof makeHome>
beforeEach(() => {
  home = makeHome()
})
afterEach(() => home.remove())

const run = (words: readonly string[], env: Record<string, string | undefined> = {}) =>
  runSesame(words, { home: home.home, env })

/** What a failure must look like as a whole. */
async function expectFailure(
  words: readonly string[],
  code: number,
  lines: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<void> {
  const { stdout, stderr, code: actual } = await run(words, env)
  expect({ stderr, stdout, code: actual }).toEqual({
    stderr: `sesame: ${lines.join('\n')}\n`,
    stdout: '',
    code,
  })
}

function writeConfig(text: string): string {
  const directory = join(home.home, '.config', 'sesame')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'config.json')
  writeFileSync(file, text, { mode: 0o600 })
  return file
}

const lookAlike = 'It looks like https://signin-cn-shanghai.alibabacloudsso.com/your-directory/login.'
const loopbackOnly =
  'Plain http is accepted for a literal loopback address only, such as http://127.0.0.1:8080/.'

describe('the very first commands', () => {
  test('sesame and sesame help are the same page, on stdout, within 80 columns but for addresses', async () => {
    const bare = await run([])
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    expect(await run(['help'])).toEqual(bare)
    expect(await run(['--help'])).toEqual(bare)
    expect(bare.stdout).toMatch(
      /^sesame \d+\.\d+\.\d+: sign in to the cloud once, have valid credentials all day\.\n/,
    )
    const wide = bare.stdout.split('\n').filter((line) => line.length > 80 && !line.includes('https://'))
    expect(wide).toEqual([])
  })

  test.each(['login', 'configure', 'profile', 'logout', 'completion', 'doc', 'version', 'help'])(
    'the page of %s fits 80 columns, by help and by --help',
    async (name) => {
      const page = await run(['help', name])
      expect(page).toMatchObject({ code: 0, stderr: '' })
      expect(await run([name, '--help'])).toEqual(page)
      const wide = page.stdout.split('\n').filter((line) => line.length > 80 && !line.includes('https://'))
      expect(wide).toEqual([])
    },
  )

  test('login before any sign-in URL is known', () =>
    expectFailure(['login'], 2, [
      'No sign-in URL is configured for profile default.',
      'Run "sesame configure --signin-url https://…/login" with the URL from the CloudSSO console.',
    ]))

  test('configure without a terminal and without a URL', () =>
    expectFailure(['configure'], 2, [
      'Without a terminal, configure needs --signin-url URL.',
      'For example: sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/acme/login',
    ]))
})

describe('a wrong sign-in URL', () => {
  test.each<[string, string, string[]]>([
    [
      'http',
      'http://portal.example/acme/login',
      ['The sign-in URL must start with https://, not http://portal.example/acme/login', loopbackOnly],
    ],
    [
      'a typo in the scheme',
      'htps://portal.example/x',
      ['The sign-in URL must start with https://, not htps://portal.example/x', loopbackOnly],
    ],
    [
      'no scheme',
      'portal.example/acme/login',
      ['The sign-in URL is not a URL: portal.example/acme/login', lookAlike],
    ],
    ['no host', 'https://', ['The sign-in URL is not a URL: https://', lookAlike]],
    [
      'a user name and password',
      'https://me:hunter2hunter2@portal.example/acme/login',
      ['The sign-in URL must not contain a user name or password.'],
    ],
    ['nothing', '', ['--signin-url needs a value.', 'See "sesame help configure".']],
  ])('%s', (_name, url, lines) => expectFailure(['configure', '--signin-url', url], 2, lines))
})

describe('a host that is not the portal', () => {
  const login = (lines: readonly string[]) => expectFailure(['login'], 6, lines, { SESAME_STORE: 'memory' })
  const networkHint = 'Check the network connection and the address; behind a proxy, set HTTPS_PROXY.'

  test('no server listens there', async () => {
    await run(['configure', '--signin-url', 'http://127.0.0.1:1/acme/login'])
    await login(['Cannot reach 127.0.0.1: the connection was refused (ECONNREFUSED).', networkHint])
  })

  test('its name does not exist', async () => {
    await run(['configure', '--signin-url', 'https://no-such-host.invalid/acme/login'])
    // Which of the two codes comes is the resolver's affair.
    const { stderr, stdout, code } = await run(['login'], { SESAME_STORE: 'memory' })
    expect({ stdout, code }).toEqual({ stdout: '', code: 6 })
    expect(stderr).toMatch(
      /^sesame: Cannot reach no-such-host\.invalid: (?:its name cannot be resolved \(ENOTFOUND\)|looking up its name failed for now \(EAI_AGAIN\))\.\nCheck the network connection and the address; behind a proxy, set HTTPS_PROXY\.\n$/,
    )
  })

  test('an ordinary web server that says 404 in HTML', async () => {
    const server = await startHttpServer({
      routes: {},
      fallback: () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' }),
    })
    try {
      await run(['configure', '--signin-url', `${server.url}/acme/login`])
      await login([
        'The portal refused to start a sign-in: status 404, no JSON.',
        'Check the address ("sesame profile show"); something else may have answered.',
      ])
    } finally {
      await server.close()
    }
  })
})

describe('typing errors', () => {
  test.each<[string[], string[]]>([
    [['lgoin'], ['"lgoin" is not a command of sesame.', 'Did you mean "sesame login"? See "sesame help".']],
    [['log-in'], ['"log-in" is not a command of sesame.', 'Did you mean "sesame login"? See "sesame help".']],
    [['frobnicate'], ['"frobnicate" is not a command of sesame.', 'See "sesame help".']],
    [
      ['login', '--froce'],
      ['--froce is not an option of "login".', 'Did you mean --force? See "sesame help login".'],
    ],
    [
      ['login', '-x'],
      ['-x is not an option of "login".', 'See "sesame help login".'],
    ],
    [
      ['login', '--profile'],
      ['--profile needs a value.', 'See "sesame help login".'],
    ],
    [
      ['login', '--profile', '--force'],
      ['--profile needs a value.', 'See "sesame help login".'],
    ],
    [
      ['login', '--force=yes'],
      ['--force takes no value.', 'See "sesame help login".'],
    ],
    [
      ['login', 'dev'],
      ['"dev" is not expected here.', 'See "sesame help login".'],
    ],
    [
      ['login', '--format', 'jsno'],
      [
        '--format cannot be "jsno".',
        'Did you mean json? It can be json, env, fish, powershell, cmd, dotenv, aws, aws-env, ossutil.',
      ],
    ],
    [
      ['login', '--format', 'xml'],
      [
        '--format cannot be "xml".',
        'It can be json, env, fish, powershell, cmd, dotenv, aws, aws-env, ossutil.',
      ],
    ],
    [
      ['login', '--profile', 'a/b'],
      [
        '"a/b" cannot be a profile name.',
        'Use up to 64 letters, digits and _ . @ + - (or spaces inside), beginning with a letter or digit.',
      ],
    ],
    [
      ['profile', 'show', 'nope'],
      ['There is no profile nope.', '"sesame profile list" shows all.'],
    ],
    [
      ['logout', '--profile', 'nope'],
      ['There is no profile nope.', '"sesame profile list" shows all.'],
    ],
    [
      ['help', 'nope'],
      ['"nope" is not a command of sesame.', 'See "sesame help".'],
    ],
  ])('%j', (words, lines) => expectFailure(words, 2, lines))
})

describe('what the environment says', () => {
  test('a store that does not exist', async () => {
    writeConfig('{"signInUrl":"http://127.0.0.1:1/acme/login"}')
    await expectFailure(
      ['login'],
      2,
      ['Unknown store in SESAME_STORE.', 'It can be auto, keychain, encrypted-file, plaintext, memory.'],
      { SESAME_STORE: 'nonsense' },
    )
  })

  test('no home directory', () =>
    expectFailure(
      ['login'],
      2,
      [
        'There is no home directory to keep the configuration in.',
        'Set HOME, or SESAME_CONFIG_DIR to a directory of your own.',
      ],
      { HOME: '' },
    ))

  test('a relative SESAME_CONFIG_DIR', () =>
    expectFailure(['login'], 2, ['SESAME_CONFIG_DIR must be an absolute path.'], {
      SESAME_CONFIG_DIR: 'here',
    }))
})

describe('a config.json edited by hand', () => {
  const fix = 'Fix it in an editor, or move it away and run "sesame configure".'
  test.each([
    ['{"signInUrl": ', 'it is not valid JSON'],
    ['[]', 'the file must be an object'],
    ['{"profiles":{"dev":{"kind":"nonsense"}}}', 'profile dev has an unknown kind'],
    ['{"store":"nonsense","profiles":{}}', 'store "nonsense" is not known'],
    ['{"signInUrl":5}', 'signInUrl must be a string'],
    ['{"version":99}', 'version 99 was written by a newer sesame'],
  ])('%s', async (text, reason) => {
    const file = writeConfig(text)
    await expectFailure(['login'], 2, [`The configuration ${file} cannot be read: ${reason}.`, fix])
  })
})

describe('where secrets can be kept', () => {
  let portal: TestPortal
  beforeAll(async () => {
    portal = await startPortal()
  })
  afterAll(() => portal.stop())
  beforeEach(() => run(['configure', '--signin-url', portal.signInUrl]))

  test('no keychain: the login succeeds and prints; said once, before the address, how to keep it', async () => {
    const { code, stdout, stderr } = await run(['login'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
    const lines = stderr.split('\n')
    expect(lines.slice(0, 2)).toEqual([
      'Nothing will be kept after this run: there is no keyring here (no D-Bus session). To keep it, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.',
      'Sign in with your browser at:',
    ])
    expect(stderr.match(/Nothing will be kept/g)).toHaveLength(1)
  })

  test('a passphrase at hand: kept in the encrypted file without a word, and found again', async () => {
    const env = { SESAME_PASSPHRASE: 'correct horse battery staple' }
    const first = await run(['login'], env)
    expect(first.stderr).toMatch(/^Sign in with your browser at:\n/)
    expect(await run(['login'], env)).toEqual({ ...first, stderr: '' })
  })

  test('the encrypted file without a passphrase, and with a wrong one', async () => {
    const SESAME_STORE = 'encrypted-file'
    const noPassphrase = [
      'The encrypted store needs a passphrase.',
      'Set SESAME_PASSPHRASE, run "sesame unlock" first, or run this in a terminal.',
    ]
    await expectFailure(['login'], 5, noPassphrase, { SESAME_STORE })
    await run(['login'], { SESAME_STORE, SESAME_PASSPHRASE: 'correct horse battery staple' })
    await expectFailure(['login'], 5, noPassphrase, { SESAME_STORE })
    const before = portal.requests.length
    await expectFailure(
      ['login'],
      5,
      [
        'The passphrase does not open the encrypted store.',
        'Check SESAME_PASSPHRASE, or delete the "secrets" directory in the state directory to start anew.',
      ],
      { SESAME_STORE, SESAME_PASSPHRASE: 'wrong horse battery staple' },
    )
    expect(portal.requests).toHaveLength(before)
  })

  test('the keychain asked for where there is none', () =>
    expectFailure(
      ['login'],
      5,
      [
        'There is no D-Bus session here, so no keyring can be asked.',
        'To keep secrets in an encrypted file, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.',
      ],
      { SESAME_STORE: 'keychain' },
    ))

  test('a keychain that was used and is locked now: exit 5 before the user is asked to sign in', async () => {
    const keyring = await startKeyring({ mode: 'unlocked' })
    try {
      const env = { DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS }
      expect((await run(['login'], env)).code).toBe(0)
      await keyring.lock()
      const before = portal.requests.length
      await expectFailure(
        ['login'],
        5,
        [
          'The keychain is locked.',
          'Unlock it (log in to the desktop, or open its password manager) and try again.',
        ],
        env,
      )
      expect(portal.requests).toHaveLength(before)
    } finally {
      await keyring.stop()
    }
  })
})
