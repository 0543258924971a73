import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'uqr'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeDirectory } from '../../mocks/index.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { makeHome } from '../support/sesame.ts'
import { startTmux, type Tmux, type TmuxOptions } from '../support/tmux.ts'

/** The shell's prompt after a command that ended with this exit code, and nothing behind it. */
const prompt = (code: number) => new RegExp(`\\n\\[${code}\\]\\$$`)

let portal: TestPortal
let home: ReturnType<typeof makeHome>
let terminal: Tmux

async function open(options: Partial<TmuxOptions> = {}): Promise<void> {
  terminal = await startTmux({ home: home.home, ...options, env: { SESAME_STORE: 'memory', ...options.env } })
}

async function configure(): Promise<void> {
  await terminal.enter(`sesame configure --signin-url ${portal.signInUrl}`)
  await terminal.shows(prompt(0))
  await terminal.clear()
}

/** Presses Approve, as the person on the device page does. */
function approve(): void {
  portal.approve(latestCode())
}

/** Codes of logins that were given up stay pending for a while. */
function latestCode(): string {
  return portal.pendingUserCodes().at(-1) ?? 'none'
}

/** The terminal as a person wants it back: it echoes, takes whole lines, and shows the cursor. */
async function expectRestored(): Promise<void> {
  await terminal.clear()
  await terminal.enter('stty -a')
  const settings = await terminal.shows(prompt(0))
  expect(settings).toMatch(/(?<!-)\becho\b/)
  expect(settings).toMatch(/(?<!-)\bicanon\b/)
  expect(settings).toMatch(/(?<!-)\bisig\b/)
  expect(await terminal.ask('#{cursor_flag}')).toBe('1')
}

beforeAll(async () => {
  portal = await startPortal({ directory: makeDirectory(30), approve: 'manual', intervalSeconds: 0.3 })
})
afterAll(() => portal.stop())
beforeEach(() => {
  home = makeHome()
})
afterEach(async () => {
  await terminal.stop()
  home.remove()
})

describe('configure at a terminal', () => {
  test('a bad URL is refused in the prompt, a good one is taken', async () => {
    await open()
    await terminal.enter('sesame configure')
    await terminal.shows(/^\? CloudSSO sign-in URL:$/m)
    await terminal.enter('http://portal.example/acme/login')
    expect(await terminal.shows(/^> /m)).toContain(
      '> The sign-in URL must start with https://, not http://portal.example/acme/login',
    )
    await terminal.press('C-u')
    await terminal.enter(portal.signInUrl)
    expect(await terminal.shows(prompt(0))).toBe(
      [
        '[0]$ sesame configure',
        `✔ CloudSSO sign-in URL: ${portal.signInUrl}`,
        `Sign-in URL of all profiles: ${portal.signInUrl}`,
        '[0]$',
      ].join('\n'),
    )
    await expectRestored()
  })

  test('Enter keeps the URL that is already there', async () => {
    await open()
    await configure()
    await terminal.enter('sesame configure')
    await terminal.shows(/^\? CloudSSO sign-in URL: \(http/m)
    await terminal.press('Enter')
    expect(await terminal.shows(prompt(0))).toContain(`Sign-in URL of all profiles: ${portal.signInUrl}`)
  })

  test('Ctrl-C in the prompt: exit 130, nothing written, the terminal as before', async () => {
    await open()
    await terminal.enter('sesame configure')
    await terminal.shows(/^\? CloudSSO/m)
    await terminal.type('https://half')
    await terminal.press('C-c')
    await terminal.shows(prompt(130))
    expect(existsSync(join(home.home, '.config', 'sesame', 'config.json'))).toBe(false)
    await expectRestored()
  })
})

describe('the first login at a terminal', () => {
  test('address, code, countdown; account and configuration found by typing; the card last', async () => {
    await open()
    await configure()
    await terminal.enter('sesame login --profile dev')
    const waiting = await terminal.shows(/Waiting for your approval, \S+ left$/)
    const code = latestCode()
    expect(waiting.split('\n')).toEqual([
      '[0]$ sesame login --profile dev',
      'Sign in with your browser at:',
      `  ${portal.url}/device/code?user_code=${code}`,
      'or, on another device, go to:',
      `  ${portal.url}/device/code`,
      'and enter the code:',
      `  ${code}`,
      `Approve only if the page shows ${code} and you started this sign-in yourself.`,
      expect.stringMatching(/^\S Waiting for your approval, (?:10:00|9:\d\d) left$/),
    ])
    await terminal.shows(/Waiting for your approval, 9:\d\d left$/)
    approve()

    const accounts = await terminal.shows(/❯ development[\s\S]*Enter to choose$/)
    expect(accounts).toContain('✔ Signed in.\n? Account:')
    expect(accounts).toContain('❯ development (1432949406168187)\n  staging (1432949406176106)\n')
    expect(accounts).toMatch(/^30 in all: type to search, ↑↓ to move, Enter to choose$/m)
    await terminal.type('243')
    expect(await terminal.shows(/❯ sandbox-9/)).toContain(
      '? Account: 243\n❯ sandbox-9 (0012345678901243)\n\n',
    )
    await terminal.press('Enter')

    await terminal.shows(/^\? Access configuration in sandbox-9:/m)
    await terminal.type('ADMIN')
    await terminal.shows(/❯ Administrator \(ac-01admin0000000000009\)\n\n/)
    await terminal.press('Enter')

    const done = await terminal.shows(prompt(0))
    expect(done.split('\n').slice(8)).toEqual([
      '✔ Signed in.',
      '✔ Account: sandbox-9 (0012345678901243)',
      '✔ Access configuration in sandbox-9: Administrator (ac-01admin0000000000009)',
      '',
      '  Profile    dev',
      '  Account    sandbox-9 (0012345678901243)',
      '  Access     Administrator',
      expect.stringMatching(
        /^ {2}Expires {4}(?:\d{4}-\d\d-\d\d )?\d\d:\d\d \(UTC.*\), in (?:59 min|1 h 00 min)$/,
      ),
      '  Stored in  nowhere; it ends with this command',
      '',
      '  Next       eval "$(sesame login --env)"  signs in again, for this shell',
      '             sesame exec -- COMMAND        signs in again, for one command',
      '',
      '[0]$',
    ])
    expect(portal.requests.at(-1)?.body).toEqual({
      AccountId: '0012345678901243',
      AccessConfigurationId: 'ac-01admin0000000000009',
    })
    await expectRestored()
  })

  test('Enter pressed while waiting chooses no account', async () => {
    await open()
    await configure()
    await terminal.enter('sesame login --profile dev')
    await terminal.shows(/Waiting/)
    await terminal.press('Enter', 'Enter')
    await terminal.type('half a li')
    approve()
    const screen = await terminal.shows(/❯ development[\s\S]*Enter to choose$/)
    expect(screen).toMatch(/^\? Account: ?$/m)
    expect(screen).not.toContain('✔ Account')
    await terminal.press('C-c')
    await terminal.shows(prompt(130))
  })

  test('Enter in one burst with the words means what they say, not the list before them', async () => {
    await open()
    await configure()
    await terminal.enter('sesame login --profile dev')
    await terminal.shows(/Waiting/)
    approve()
    await terminal.shows(/\? Account:/)
    await terminal.press('p', 'r', 'o', 'd', 'Enter')
    const screen = await terminal.shows(/\? Access configuration/)
    expect(screen).toContain('✔ Account: production (1432949406184025)')
    expect(screen).toContain('? Access configuration in production:')
    await terminal.press('C-c')
    await terminal.shows(prompt(130))
  })

  test('[case 8] Ctrl-C while waiting: exit 130, the spinner is gone, the terminal as before', async () => {
    await open()
    await configure()
    await terminal.enter('sesame login')
    await terminal.shows(/Waiting/)
    await terminal.press('C-c')
    expect(await terminal.shows(prompt(130))).not.toContain('Waiting')
    expect(portal.pendingUserCodes().length).toBeGreaterThan(0)
    await expectRestored()
  })

  test('[case 8] Ctrl-C in a picker: exit 130; SIGTERM there: 143; the terminal as before', async () => {
    await open()
    await configure()
    for (const [end, code] of [
      [() => terminal.press('C-c'), 130],
      [() => terminal.ask('#{pane_pid}').then((shell) => killChildOf(shell)), 143],
    ] as const) {
      await terminal.enter('sesame login')
      await terminal.shows(/Waiting/)
      approve()
      await terminal.shows(/Enter to choose$/)
      await end()
      await terminal.shows(new RegExp(`\\n(?:Terminated\\n)?\\[${code}\\]\\$$`))
      await expectRestored()
      await terminal.clear()
    }
  })
})

function killChildOf(shell: string): void {
  const children = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ')
  process.kill(Number(children.at(-1)), 'SIGTERM')
}

/** The modules of a QR code as drawn with half blocks: true is dark, which is drawn as background. */
function modulesOf(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => [
    [...line].map((char) => char === ' ' || char === '▄'),
    [...line].map((char) => char === ' ' || char === '▀'),
  ])
}

describe('the QR code', () => {
  test('--qr draws the complete address, light on dark whatever the colours of the terminal', async () => {
    await open({ rows: 40 })
    await configure()
    await terminal.enter('sesame login --qr')
    const screen = await terminal.shows(/Waiting/)
    const code = latestCode()
    const drawn = modulesOf(screen.split('\n').filter((line) => /^[█▀▄ ]{20,}$/.test(line)))
    const wanted = encode(`${portal.url}/device/code?user_code=${code}`, { border: 2 }).data
    expect(drawn.slice(0, wanted.length)).toEqual(wanted)
    expect(await terminal.screen({ escapes: true })).toMatch(/\u001b\[97m?;?(?:\u001b\[)?40m█{20,}/)
    await terminal.press('C-c')
    await terminal.shows(prompt(130))
  })

  test('a terminal too narrow for it says so instead of drawing a torn one', async () => {
    await open({ columns: 30, rows: 40 })
    await configure()
    await terminal.enter('sesame login --qr')
    const screen = await terminal.shows(/Waiting/)
    expect(screen).toContain('The QR code needs a terminal of 37 columns; this one has 30.')
    expect(screen).not.toContain('█')
    await terminal.press('C-c')
    await terminal.shows(prompt(130))
  })
})

describe('a narrow terminal', () => {
  test('40 columns: the countdown stays one line, the picker fits', async () => {
    await open({ columns: 40, rows: 40 })
    await configure()
    await terminal.enter('sesame login --profile dev')
    await terminal.shows(/Waiting/)
    const screen = await terminal.shows(/9:[0-4]\d left$|9:5[0-8] left$/)
    expect(screen.match(/Waiting/g)).toHaveLength(1)
    approve()
    await terminal.shows(/❯ development \(1432949406168187\)\n[\s\S]*Enter to\s?choose$/)
    await terminal.press('C-c')
    await terminal.shows(prompt(130))
  })
})

describe('streams', () => {
  test('[case 49] eval "$(sesame login --env)" in bash sets the variables, after a sign-in at the terminal', async () => {
    await open()
    await configure()
    await terminal.enter(
      'eval "$(sesame login --env --account-id 1432949406168187 --access-config ReadOnly)"',
    )
    await terminal.shows(/Waiting/)
    approve()
    await terminal.shows(prompt(0))
    await terminal.clear()
    await terminal.enter(
      'echo "$ALIBABA_CLOUD_SECURITY_TOKEN" | md5sum; echo "$SESAME_PROFILE $ALICLOUD_ACCESS_KEY"',
    )
    const issued = portal.issued.filter(({ kind }) => kind === 'security-token').at(-1)?.value ?? ''
    const { createHash } = await import('node:crypto')
    const sum = createHash('md5').update(`${issued}\n`).digest('hex')
    expect(await terminal.shows(prompt(0))).toMatch(new RegExp(`\\n${sum} .*\\ndefault STS\\.\\S+\\n`))
  })

  test('sesame login > file: everything said is on the terminal, the file holds the JSON alone', async () => {
    await open()
    await configure()
    await terminal.enter('sesame login --account-id 1432949406168187 --access-config ReadOnly > creds.json')
    await terminal.shows(/Waiting/)
    approve()
    const screen = await terminal.shows(prompt(0))
    expect(screen).toContain('✔ Signed in.')
    expect(screen).not.toContain('StsToken')
    const file = readFileSync(join(home.home, 'work', 'creds.json'), 'utf8')
    expect(JSON.parse(file)).toMatchObject({ mode: 'StsToken' })
    expect(file).toMatch(/^\{[^\n]*\}\n$/)
  })
})

describe('profile', () => {
  test('the table names profiles, accounts, status and time left; the current one has a star', async () => {
    await open({ env: { SESAME_STORE: 'plaintext' } })
    await configure()
    await terminal.enter('sesame profile')
    expect(await terminal.shows(prompt(0))).toContain(
      'No profiles yet; "sesame login --profile NAME" makes one',
    )
    for (const name of ['dev', 'prod']) {
      await terminal.enter(
        `sesame login --profile ${name} --account-id 1432949406168187 --access-config ReadOnly >/dev/null`,
      )
      if (name === 'dev') {
        await terminal.shows(/Waiting/)
        approve()
        await terminal.shows(/Signed in\.\n\[0\]\$$/)
      }
      await terminal.shows(prompt(0))
      await terminal.clear()
    }
    await terminal.enter('sesame profile')
    const table = (await terminal.shows(prompt(0))).split('\n').slice(2, -2)
    expect(table.map((line) => line.split('│').map((cell) => cell.trim()))).toEqual([
      ['', 'Profile', 'Account ID', 'Access Configuration ID', 'Status', 'Time left', ''],
      [expect.stringMatching(/^├/)],
      ['', 'dev', '1432949406168187', 'ac-01reader000000000000', 'Available', '59 min', ''],
      [expect.stringMatching(/^├/)],
      ['', 'prod *', '1432949406168187', 'ac-01reader000000000000', 'Available', '59 min', ''],
    ])
  })
})
