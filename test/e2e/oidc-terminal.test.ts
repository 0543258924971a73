import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readForm } from '../../mocks/oidc/page-form.ts'
import { type HandedBrowser, handBrowser, isListening, redirectUriOf } from '../support/handed-browser.ts'
import { openLoopbackBrowser } from '../support/loopback-browser.ts'
import { startTestOidc, type TestOidc } from '../support/oidc.ts'
import { configureCorp, providerArn, roleArn } from '../support/oidc-world.ts'
import { startTestSts, type TestSts } from '../support/sts.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'
import { startTmux, type Tmux } from '../support/tmux.ts'

/** The shell's prompt after a command that ended with this exit code, and nothing behind it. */
const prompt = (code: number) => new RegExp(`\\n\\[${code}\\]\\$$`)

let oidc: TestOidc
let sts: TestSts
let home: TestHome
let handed: HandedBrowser
let terminal: Tmux

/** A terminal of a desktop, unless `env` says otherwise; an empty value is as good as none. */
async function open(env: Record<string, string> = {}): Promise<void> {
  handed = handBrowser(home.home)
  const desktop = { SESAME_STORE: 'plaintext', ...handed.env }
  terminal = await startTmux({ home: home.home, env: { ...desktop, ...env } })
}

async function expectRestored(): Promise<void> {
  await terminal.clear()
  await terminal.enter('stty -a')
  const settings = await terminal.shows(prompt(0))
  for (const setting of ['echo', 'icanon', 'isig']) {
    expect(settings).toMatch(new RegExp(`(?<!-)\\b${setting}\\b`))
  }
  expect(await terminal.ask('#{cursor_flag}')).toBe('1')
}

beforeAll(async () => {
  oidc = await startTestOidc({ approve: 'manual' })
  const { issuer, url, clients } = oidc
  const trusted = { arn: providerArn, issuer, clientIds: [clients.public.clientId], keys: `${url}/jwks` }
  sts = await startTestSts({
    roles: [{ arn: roleArn('developer'), trust: [providerArn] }],
    oidcProviders: [trusted],
  })
})
afterAll(async () => {
  await oidc.stop()
  await sts.stop()
})
beforeEach(() => {
  home = makeTestHome({})
})
afterEach(async () => {
  await terminal.stop()
  home.remove()
})

describe('configure of a new profile', () => {
  test('asks for kind, issuer, client and role; what is wrong is reported where it can be fixed', async () => {
    await open()
    await terminal.enter('sesame configure --profile corp')
    const kinds = await terminal.shows(/^ {2}Role: /m)
    expect(kinds).toContain('? How does profile corp sign in?')
    await terminal.type('oidc')
    await terminal.shows(/sign in\? oidc\n❯ OIDC: /)
    await terminal.press('Enter')

    await terminal.shows(/^\? Issuer URL:$/m)
    await terminal.enter('http://id.example.com')
    await terminal.shows(/^> The issuer must start with https:\/\/, not http:\/\/id\.example\.com$/m)
    await terminal.press('C-u')
    await terminal.enter('https://login.microsoftonline.com/common/v2.0')
    await terminal.shows(/^> The issuer \S+ stands for many tenants\.$/m)
    await terminal.press('C-u')
    await terminal.enter(oidc.issuer)
    await terminal.shows(/^\? Client id:$/m)
    await terminal.press('Enter')
    await terminal.shows(/^> A profile of this kind cannot do without it\.$/m)
    await terminal.enter('sesame-cli')
    await terminal.shows(/^\? Role ARN \(empty for tokens only\):$/m)
    await terminal.enter('role/developer')
    await terminal.shows(/^> --role-arn must be the ARN of a RAM role/m)
    await terminal.press('C-u')
    await terminal.enter(roleArn('developer'))
    await terminal.shows(/^\? OIDC provider ARN in RAM:$/m)
    await terminal.enter(providerArn)
    expect(await terminal.shows(prompt(0))).toBe(
      [
        '[0]$ sesame configure --profile corp',
        '✔ How does profile corp sign in? OIDC: Keycloak, Entra ID, Okta, any other provider',
        `✔ Issuer URL: ${oidc.issuer}`,
        '✔ Client id: sesame-cli',
        `✔ Role ARN (empty for tokens only): ${roleArn('developer')}`,
        `✔ OIDC provider ARN in RAM: ${providerArn}`,
        `Profile corp signs in at ${oidc.issuer} as client sesame-cli.`,
        `Role: ${roleArn('developer')}`,
        '[0]$',
      ].join('\n'),
    )
    expect(home.config().profiles.corp).toMatchObject({ kind: 'oidc', roleArn: roleArn('developer') })
    await expectRestored()
  })

  test('without a role nothing more is asked; the second time all answers are there', async () => {
    await open()
    await configureCorp({ oidc, sts, home }, { role: false })
    await terminal.enter('sesame configure --profile corp')
    await terminal.shows(/^\? Issuer URL: \(http:\S+\)$/m)
    await terminal.press('Enter')
    await terminal.shows(/^\? Client id: \(sesame-cli\)$/m)
    await terminal.press('Enter')
    await terminal.shows(/^\? Role ARN \(empty for tokens only\):$/m)
    await terminal.press('Enter')
    expect(await terminal.shows(prompt(0))).not.toContain('OIDC provider ARN')
    expect(home.config().profiles.corp).not.toHaveProperty('roleArn')
  })

  test('[case 8] Ctrl-C in a question: exit 130, nothing written, the terminal as before', async () => {
    await open()
    await terminal.enter('sesame configure --profile corp')
    await terminal.shows(/^ {2}Role: /m)
    await terminal.type('oidc')
    await terminal.shows(/sign in\? oidc\n❯ OIDC: /)
    await terminal.press('Enter')
    await terminal.shows(/^\? Issuer URL:$/m)
    await terminal.type('https://half')
    await terminal.press('C-c')
    await terminal.shows(prompt(130))
    expect(home.config().profiles).toEqual({})
    await expectRestored()
  })
})

describe('login chooses its way by itself', () => {
  test('with a browser on this machine: that one, and the terminal waits for it', async () => {
    await open()
    await configureCorp({ oidc, sts, home }, { role: false })
    await terminal.enter('sesame login --profile corp')
    const waiting = await terminal.shows(/Waiting for your browser/)
    const address = await handed.address()
    expect(waiting.split('\n')).toEqual([
      '[0]$ sesame login --profile corp',
      expect.stringMatching(/^Secrets are kept in plain text in /),
      'Your browser opens to sign you in. If it does not, go to:',
      `  ${address}`,
      expect.stringMatching(/^\S Waiting for your browser, (?:10:00|9:\d\d) left$/),
    ])
    await oidc.visit(address)
    const done = await terminal.shows(prompt(0))
    expect(done.split('\n').slice(4)).toEqual([
      '✔ Signed in.',
      '',
      '  Profile    corp',
      '  Role       none: this profile gives tokens',
      `  Issuer     ${oidc.issuer}`,
      '  User       dev',
      expect.stringMatching(/^ {2}Expires {4}.*\d\d:\d\d \(UTC.*\), in .*; renewed by themselves$/),
      '  Stored in  plain files in ~/.local/state/sesame, not encrypted',
      '',
      '  Next       sesame token get  the token, for a program',
      '',
      '[0]$',
    ])
    await expectRestored()
  })

  test('--flow both: one screen; the browser of this machine opens, and may be the first', async () => {
    await open()
    await configureCorp({ oidc, sts, home }, { role: false })
    await terminal.enter('sesame login --profile corp --flow both')
    const waiting = await terminal.shows(/Waiting for your approval, \S+ left$/)
    const code = oidc.pendingUserCodes().at(-1) ?? 'none'
    const address = await handed.address()
    expect(waiting.split('\n').slice(2)).toEqual([
      'Your browser opens to sign you in. If it does not, go to:',
      `  ${address}`,
      'Or sign in with any browser, on any device, at:',
      `  ${oidc.issuer}/device?user_code=${code}`,
      'or, on another device, go to:',
      `  ${oidc.issuer}/device`,
      'and enter the code:',
      `  ${code}`,
      `Approve only if the page shows ${code} and you started this sign-in yourself.`,
      expect.stringMatching(/Waiting for your approval/),
    ])
    expect(handed.starts()).toBe(1)
    await oidc.visit(address)
    expect(await terminal.shows(prompt(0))).toContain('✔ Signed in.')
    expect(await isListening(redirectUriOf(address))).toBe(false)
    await expectRestored()
  })

  test.each<[string, Record<string, string>, string]>([
    ['over SSH', { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22', BROWSER: '' }, ''],
    ['over SSH, with a BROWSER that opens at home', { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' }, ''],
    ['without a display', { DISPLAY: '', BROWSER: '' }, ''],
    ['with BROWSER=none', { BROWSER: 'none' }, ''],
    ['with --no-browser', {}, '--no-browser'],
    ['with --qr', {}, '--qr'],
  ])('[case 17] %s: a code for any browser', async (_, env, option) => {
    await open(env)
    await configureCorp({ oidc, sts, home }, { role: false })
    await terminal.enter(`sesame login --profile corp ${option}`)
    const waiting = await terminal.shows(/Waiting for your approval, \S+ left$/)
    const code = oidc.pendingUserCodes().at(-1) ?? 'none'
    expect(waiting).toContain(`Approve only if the page shows ${code} and you started this sign-in yourself.`)
    expect(waiting.includes('▄▄▄▄▄')).toBe(option === '--qr')
    await oidc.approve(code)
    await terminal.shows(prompt(0))
  })
})

test('[case 8] [case 173] Ctrl-C while the browser is waited for: what the provider must know, the terminal as before, no server', async () => {
  await open()
  await configureCorp({ oidc, sts, home })
  await terminal.enter('sesame login --profile corp')
  await terminal.shows(/Waiting for your browser/)
  const waiting = redirectUriOf(await handed.address())
  expect(await isListening(waiting)).toBe(true)
  await terminal.press('C-c')
  const shown = await terminal.shows(prompt(130))
  expect(shown).not.toContain('Waiting')
  expect(shown).toContain(`redirect URI ${waiting.href}`)
  expect(shown).toContain('the scope "openid offline_access"')
  expect(await isListening(waiting)).toBe(false)
  expect(home.items()).toEqual([])
  expect(home.locks()).toEqual([])
  await expectRestored()
})

test('[case 172] logout --everywhere hands the ID token to the provider by a page, and by no address', async () => {
  await open()
  await configureCorp({ oidc, sts, home }, { role: false })
  await terminal.enter('sesame login --profile corp')
  await oidc.visit(await handed.address())
  await terminal.shows(prompt(0))
  await terminal.clear()
  await terminal.enter('sesame logout --profile corp --everywhere')
  await terminal.shows(/To end the session in your browser, it opens: http:\S+/)
  await expect.poll(() => handed.starts()).toBe(2)
  const address = await handed.address()
  const form = readForm((await openLoopbackBrowser().ask(address)).body)
  const shown = await terminal.shows(prompt(0))
  expect(shown).toContain(
    `If the provider shows an error, go to: ${oidc.issuer}/session/end?client_id=sesame-cli`,
  )
  const hint = form?.fields.id_token_hint ?? ''
  expect(oidc.issued).toContainEqual({ kind: 'id-token', value: hint })
  expect(shown).not.toContain(hint)
  const body = new URLSearchParams(form?.fields)
  const answer = await fetch(form?.action ?? '', { method: 'POST', body })
  expect(answer.status).toBe(200)
  expect(await isListening(new URL(address))).toBe(false)
  await expectRestored()
})
