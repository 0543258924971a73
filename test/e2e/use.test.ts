import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { textWidth } from '../../src/terminal/index.ts'
import { startPortal } from '../support/portal.ts'
import { configAt, makeTestHome, type TestHome } from '../support/test-home.ts'
import { startTmux, type Tmux, type TmuxOptions } from '../support/tmux.ts'

const prompt = (code: number) => new RegExp(`\\n\\[${code}\\]\\$$`)

let home: TestHome
let terminal: Tmux

const names = ['dev', '生产-管理员', 'staging', 'data-platform-of-the-whole-company-in-europe']

beforeEach(() => {
  home = makeTestHome({ signInUrl: 'http://127.0.0.1:1/acme/login' })
})
afterEach(async () => {
  await terminal.stop()
  home.remove()
})

function configure(profiles: readonly string[], signInUrl = 'http://127.0.0.1:1/acme/login'): void {
  const of = (name: string, i: number) => ({
    kind: 'cloudsso',
    accountId: String(1432949406168187 + i),
    accountName: name.startsWith('生产') ? '生产账号' : `account-${i}`,
    accessConfigurationId: `ac-${i}`,
    accessConfigurationName: i % 2 === 0 ? 'ReadOnly' : 'Administrator',
  })
  const config = {
    version: 1,
    signInUrl,
    profiles: Object.fromEntries(profiles.map((name, i) => [name, of(name, i)])),
  }
  writeFileSync(join(home.directory, 'config.json'), JSON.stringify(config), { mode: 0o600 })
}

async function open(options: Partial<TmuxOptions> = {}): Promise<void> {
  terminal = await startTmux({
    home: home.home,
    ...options,
    env: { SESAME_STORE: 'plaintext', ...options.env },
  })
}

/** The rows of the list, without the pointer. */
const rowsOn = (screen: string) => screen.split('\n').filter((line) => /^[❯> ] \S.* {2}\S+$/.test(line))

describe('sesame use at a terminal', () => {
  test('a list in columns; typing finds, Enter chooses; then the last used is first', async () => {
    configure(names)
    await open()
    await terminal.enter('sesame use')
    const list = await terminal.shows(/^❯ [\s\S]*Esc to leave$/m)
    const rows = rowsOn(list)
    expect(rows.map((row) => row.slice(2).split(/ {2,}/)[0])).toEqual(names)
    expect(rows[0]).toMatch(/^❯ dev /)
    expect(new Set(rows.map((row) => textWidth(row.slice(0, row.lastIndexOf('  '))))).size).toBe(1)
    expect(new Set(rows.map((row) => textWidth(row.slice(0, row.search(/account-|生产账号/))))).size).toBe(1)
    await terminal.type('admin 生产')
    await terminal.shows(/\? Profile: admin 生产\n❯ 生产-管理员 +生产账号 \/ Administrator +-\n\n/)
    await terminal.press('Enter')
    expect(await terminal.shows(prompt(0))).toBe('[0]$ sesame use\nThe current profile is 生产-管理员.\n[0]$')
    expect(configAt(home.home).currentProfile).toBe('生产-管理员')

    await terminal.clear()
    await terminal.enter('sesame use')
    expect(rowsOn(await terminal.shows(/^❯ [\s\S]*Esc to leave$/m))[0]).toMatch(/^❯ 生产-管理员 \* /)
    await terminal.press('Down', 'Enter')
    expect(await terminal.shows(prompt(0))).toContain('The current profile is dev.')
  })

  test.each(['Escape', 'C-c'])('%s: exit 130, nothing changed, the list is gone', async (key) => {
    configure(names)
    await home.run(['use', 'staging'])
    const before = readFileSync(join(home.state, 'state.json'), 'utf8')
    await open()
    await terminal.enter('sesame use')
    await terminal.shows(/^❯ [\s\S]*Esc to leave$/m)
    await terminal.press('Down', key)
    expect(await terminal.shows(prompt(130))).toBe('[0]$ sesame use\n[130]$')
    expect(readFileSync(join(home.state, 'state.json'), 'utf8')).toBe(before)
    await terminal.enter('stty -a')
    expect(await terminal.shows(prompt(0))).toMatch(/(?<!-)\becho\b/)
  })

  test('40 columns and 8 lines: each row is one line, however long the names', async () => {
    configure(names)
    await open({ columns: 40, rows: 8 })
    await terminal.enter('sesame use')
    const rows = rowsOn(await terminal.shows(/^❯ [\s\S]*Enter, Esc$/m))
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) expect(textWidth(row)).toBeLessThan(40)
    await terminal.type('whole europe')
    expect(await terminal.shows(/❯ data-platf/)).toMatch(/^❯ data-\S*… {2}.*-$/m)
    await terminal.press('Enter')
    await terminal.shows(prompt(0))
    expect(configAt(home.home).currentProfile).toBe(names[3])
  })

  test('a terminal of another character set, and without colours', async () => {
    configure(names)
    await open({ env: { LANG: 'en_US.ISO-8859-1', NO_COLOR: '1' } })
    await terminal.enter('sesame use')
    expect(rowsOn(await terminal.shows(/^> [\s\S]*Up\/Down to move/m))[0]).toMatch(/^> dev /)
    expect(await terminal.screen({ escapes: true })).not.toMatch(/\u001b\[3\d/)
    await terminal.press('Escape')
    await terminal.shows(prompt(130))
  })

  test('Enter in one burst with the words means what they say; a thousand profiles', async () => {
    configure(Array.from({ length: 1000 }, (_, i) => `团队${i}-admin`))
    await open()
    await terminal.enter('sesame use')
    await terminal.shows(/^❯ [\s\S]*^1000 profiles: .*Esc to leave$/m)
    await terminal.press('9', '9', '7', '-', 'Enter')
    expect(await terminal.shows(prompt(0))).toContain('The current profile is 团队997-admin.')
  })
})

describe('login at a terminal', () => {
  test('where nothing says which profile, the user chooses, and it becomes the current one', async () => {
    const portal = await startPortal()
    try {
      configure(['dev', 'prod'], portal.signInUrl)
      const path = join(home.directory, 'config.json')
      const config = JSON.parse(readFileSync(path, 'utf8'))
      config.profiles = { dev: { kind: 'cloudsso' }, prod: { kind: 'cloudsso' } }
      writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
      await open()
      await terminal.enter('sesame login --no-browser')
      await terminal.shows(/^❯ [\s\S]*Esc to leave$/m)
      await terminal.type('prod')
      await terminal.shows(/❯ prod/)
      await terminal.press('Enter')
      expect(await terminal.shows(prompt(0))).toMatch(/^ {2}Profile {4}prod$/m)
      await terminal.clear()
      await terminal.enter('sesame login')
      expect(await terminal.shows(prompt(0))).toMatch(/^ {2}Profile {4}prod$/m)
      // The cached path finds the catalogue, too.
      await terminal.clear()
      await terminal.enter('SESAME_LANGUAGE=zh sesame login')
      expect(await terminal.shows(prompt(0))).toMatch(/^ {2}配置 {6}prod\n {2}账号 {6}development /m)
    } finally {
      await portal.stop()
    }
  })
})
