import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { hasMemory, makeRuntimeDirectory } from '../support/runtime-directory.ts'
import { makeHome, runSesame } from '../support/sesame.ts'
import { startTmux, type Tmux } from '../support/tmux.ts'

/** The shell's prompt after a command that ended with this exit code, and nothing behind it. */
const prompt = (code: number) => new RegExp(`\\n\\[${code}\\]\\$$`)
const question = /There is no keychain here\. Where shall the sign-in be kept\?/

let portal: TestPortal
let home: ReturnType<typeof makeHome>
let runtime: ReturnType<typeof makeRuntimeDirectory>
let terminal: Tmux
beforeEach(async () => {
  portal = await startPortal()
  runtime = makeRuntimeDirectory()
  home = makeHome()
  await run('configure', '--signin-url', portal.signInUrl)
  terminal = await startTmux({ home: home.home, env: { XDG_RUNTIME_DIR: runtime.path } })
})
afterEach(async () => {
  await terminal.stop()
  await portal.stop()
  home.remove()
  runtime.remove()
})

const run = (...words: string[]) =>
  runSesame(words, { home: home.home, env: { XDG_RUNTIME_DIR: runtime.path } })

function state(): string {
  const file = join(home.home, '.local', 'state', 'sesame', 'state.json')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Moves to the answer with these words, and takes it. */
async function answer(words: RegExp, downs: number): Promise<void> {
  await terminal.shows(question)
  for (let i = 0; i < downs; i++) await terminal.press('Down')
  await terminal.shows(new RegExp(`❯ ${words.source}`))
  await terminal.press('Enter')
}

test.runIf(hasMemory)(
  'a login without a keychain keeps the sign-in in an encrypted file, once it is asked',
  async () => {
    await terminal.enter('sesame login --profile dev >/dev/null')
    await terminal.shows(question)
    expect(portal.calls()).toEqual([])
    await answer(/in an encrypted file: commands ask for its passphrase/, 0)
    await terminal.shows(/^\? Passphrase of the new encrypted file:$/m)
    await terminal.enter('short')
    await terminal.shows(/needs at least 8 characters/)
    await terminal.enter('correct')
    await terminal.shows(/^\? The same again:$/m)
    await terminal.enter('shortcorrekt')
    await terminal.shows(/These were two different ones/)
    await terminal.shows(/^\? Passphrase of the new encrypted file:$/m)
    for (const wait of [/^\? The same again:$/m, prompt(0)]) {
      await terminal.enter('shortcorrect')
      await terminal.shows(wait)
    }
    expect(await terminal.screen()).toContain('Remembered. To be asked again: sesame configure --store auto')
    expect(state()).toContain('"withoutKeychain": "encrypted-file"')
    // For programs it is said, and never a question.
    const program = await run('credentials', '--profile', 'dev')
    expect(program).toMatchObject({ code: 5, stdout: '' })
    expect(program.stderr).toContain('sesame unlock')

    await terminal.clear()
    await terminal.enter('sesame login --profile another >/dev/null')
    await terminal.shows(/^\? Passphrase of the encrypted store:$/m)
    await terminal.enter('shortcorrect')
    expect(await terminal.shows(prompt(0))).not.toMatch(question)
  },
)

test.runIf(hasMemory)('unlocked for a while, programs need no passphrase', async () => {
  await terminal.enter('sesame login --profile dev >/dev/null')
  await answer(/in an encrypted file, unlocked for 12 hours by a login/, 1)
  await terminal.shows(/^\? Passphrase of the new encrypted file:$/m)
  for (const wait of [/^\? The same again:$/m, prompt(0)]) {
    await terminal.enter('correct horse')
    await terminal.shows(wait)
  }
  expect(await terminal.screen()).toMatch(/The encrypted file is unlocked until \d{4}-/)
  expect(await run('credentials', '--profile', 'dev')).toMatchObject({ code: 0, stderr: '' })
})

test('Ctrl-C at the question: exit 130, no sign-in, and it is asked again; a no is remembered, and said', async () => {
  await terminal.enter('sesame login')
  await terminal.shows(question)
  await terminal.press('C-c')
  await terminal.shows(prompt(130))
  expect(state()).not.toContain('withoutKeychain')
  expect(portal.calls()).toEqual([])

  await terminal.clear()
  await terminal.enter('sesame exec --profile dev -- true')
  await answer(/nowhere: it is lost after this run/, hasMemory ? 2 : 1)
  expect(await terminal.shows(prompt(0))).toContain('Nothing will be kept after this run')
  expect(state()).toContain('"withoutKeychain": "memory"')

  await terminal.clear()
  await terminal.enter('sesame login >/dev/null')
  const again = await terminal.shows(prompt(0))
  expect(again).not.toMatch(question)
  expect(again).toContain('Nothing will be kept after this run')

  if (!hasMemory) return
  const env = { XDG_RUNTIME_DIR: runtime.path, SESAME_PASSPHRASE: 'correct horse' }
  expect(await runSesame(['unlock'], { home: home.home, env })).toMatchObject({ code: 0 })
  expect(state()).toContain('"withoutKeychain": "encrypted-file"')
})

test('nothing is asked without a terminal, or where the store was named', async () => {
  const piped = await run('login')
  expect(piped).toMatchObject({ code: 0 })
  expect(piped.stderr).toContain('Nothing will be kept after this run')
  const named = startOnPty(['login'], { home: home.home, env: { SESAME_STORE: 'memory' } })
  const { code, seen } = await named.finished
  expect([code, seen]).toEqual([0, expect.not.stringMatching(question)])
  expect(state()).not.toContain('withoutKeychain')
})
