import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { recordOutput } from './record.ts'
import { sesameInShell } from './sesame.ts'

const run = promisify(execFile)

export interface TmuxOptions {
  home: string
  env?: Record<string, string>
  columns?: number
  rows?: number
}

/** A shell (bash) in a terminal of its own, as a person has it in front of them. */
export interface Tmux {
  /** Types text as it is. */
  type(text: string): Promise<void>
  /** Presses keys by tmux's names: `Enter`, `C-c`, `Down`. */
  press(...keys: string[]): Promise<void>
  /** Types a command line and presses Enter. */
  enter(line: string): Promise<void>
  /** What is on the screen, scrolled-off lines included; `escapes` keeps the colours. */
  screen(options?: { escapes?: boolean }): Promise<string>
  /** Waits until the screen matches, and returns it. */
  shows(pattern: RegExp, timeoutMs?: number): Promise<string>
  /** What tmux knows of the terminal, by one of its formats, such as `#{cursor_flag}`. */
  ask(format: string): Promise<string>
  clear(): Promise<void>
  stop(): Promise<void>
}

/** Looks this often; a screen has no event for "it has changed". */
const pauseMs = 30

/**
 * Starts a private tmux server (own socket, no configuration of the user) with `sesame` and `acs-sso` on its PATH. The
 * prompt shows the exit code of the last command: `[0]$ `.
 */
export async function startTmux({ home, env = {}, columns = 100, rows = 30 }: TmuxOptions): Promise<Tmux> {
  const directory = mkdtempSync(join(tmpdir(), 'tmux-'))
  const socket = join(directory, 'socket')
  const bin = installPrograms(directory)
  const startup = join(directory, 'bashrc')
  writeFileSync(startup, "PS1='[$?]$ '\nunset HISTFILE\n")
  const shellEnv = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'screen-256color',
    ...env,
  }
  const tmux = async (...words: string[]) => {
    const { stdout } = await run('tmux', ['-f', '/dev/null', '-S', socket, ...words], { env: shellEnv })
    return stdout
  }
  await tmux(
    ...[
      'new-session',
      '-d',
      '-s',
      'test',
      '-x',
      String(columns),
      '-y',
      String(rows),
      '-c',
      join(home, 'work'),
    ],
    `bash --rcfile ${startup} -i`,
  )
  const screen = async ({ escapes = false } = {}) =>
    (await tmux('capture-pane', '-p', '-J', '-S', '-', ...(escapes ? ['-e'] : []))).trimEnd()
  const ask = async (format: string) => (await tmux('display-message', '-p', format)).trim()
  const terminal: Tmux = {
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    async enter(line) {
      await terminal.type(line)
      await terminal.press('Enter')
    },
    screen,
    ask,
    async shows(pattern, timeoutMs = 45_000) {
      const giveUpAt = performance.now() + timeoutMs
      for (;;) {
        const now = await screen()
        if (pattern.test(now)) return now
        if (performance.now() > giveUpAt) throw new Error(`The screen never matched ${pattern}:\n${now}`)
        await sleep(pauseMs)
      }
    },
    async clear() {
      await tmux('send-keys', '-R')
      await tmux('clear-history')
      await terminal.press('C-l')
    },
    async stop() {
      // The screen mixes both streams, so credentials may be on it.
      recordOutput({ words: ['tmux'], stdout: await screen(), stderr: '', code: null })
      await tmux('kill-server')
      rmSync(directory, { recursive: true, force: true })
    },
  }
  await terminal.shows(/\[0\]\$ ?$/)
  return terminal
}

/** A directory for PATH that holds the built program under its two names. */
export function installPrograms(directory: string): string {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  for (const name of ['sesame', 'acs-sso']) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${sesameInShell} "$@"\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return bin
}
