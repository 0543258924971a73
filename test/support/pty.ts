import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordOutput } from './record.ts'
import { sesameCommand } from './sesame.ts'

export interface PtyOptions {
  home: string
  /** A variable that is undefined is not set. */
  env?: Record<string, string | undefined>
}

interface PtyFinished {
  code: number | null
  /** What the person saw: everything but stdout. */
  seen: string
  stdout: string
}

export interface OnPty {
  child: ChildProcess
  finished: Promise<PtyFinished>
  /** Resolves once what the person sees matches. */
  shows(pattern: RegExp): Promise<RegExpMatchArray>
  type(keys: string): void
}

/**
 * Starts the built program with a pseudo-terminal as stdin and stderr and a file as stdout, as in
 * `sesame login > file` on a terminal (`script` of util-linux).
 */
export function startOnPty(words: readonly string[], { home, env = {} }: PtyOptions): OnPty {
  const directory = mkdtempSync(join(tmpdir(), 'pty-'))
  const file = join(directory, 'stdout')
  const line = `${[...sesameCommand, ...words].map(quote).join(' ')} >${quote(file)}`
  const child = spawn(
    '/usr/bin/script',
    ['-qefc', `/usr/bin/stty cols 100 rows 30; exec ${line}`, '/dev/null'],
    {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        LANG: 'C.UTF-8',
        TERM: 'xterm-256color',
        SHELL: '/bin/sh',
        ...env,
      },
      cwd: join(home, 'work'),
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  let seen = ''
  let ended = false
  const watchers = new Set<() => void>()
  const look = () => {
    for (const each of watchers) each()
  }
  child.stdin.on('error', () => {
    // The program may end without reading its input.
  })
  child.stdout.setEncoding('utf8').on('data', (text) => {
    seen += text
    look()
  })
  const finished = new Promise<PtyFinished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      ended = true
      const stdout = readFileSync(file, 'utf8')
      rmSync(directory, { recursive: true, force: true })
      recordOutput({ words, stdout, stderr: seen, code })
      look()
      resolve({ code, seen, stdout })
    })
  })
  return {
    child,
    finished,
    type: (keys) => void child.stdin.write(keys),
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = seen.match(pattern)
          if (match === null && !ended) return
          watchers.delete(check)
          if (match === null) reject(new Error(`The terminal never showed ${pattern}:\n${seen}`))
          else resolve(match)
        }
        watchers.add(check)
        check()
      }),
  }
}

function quote(word: string): string {
  return `'${word.replace(/'/g, `'\\''`)}'`
}
