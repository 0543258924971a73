import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from '../support/run-sync.ts'

export interface ShellRun {
  status: number | null
  stdout: string
  stderr: string
  /** The variables that a child of the shell sees, when the script ran `env -0` last. */
  environment: Record<string, string>
  /** What lies in the working directory afterwards: must stay empty. */
  files: string[]
}

export interface ShellInput {
  /** Program and its options; the script follows after `-c`. */
  shell: readonly string[]
  script: string
  /** What the program `sesame` on the PATH prints. */
  printed: string
  /** More of the environment. */
  env?: Record<string, string>
}

/** Runs a script in a real shell, in an empty directory, with a `sesame` that prints a given text. */
export function runInShell({ shell, script, printed, env = {} }: ShellInput): ShellRun {
  const home = mkdtempSync(join(tmpdir(), 'sesame-shell-'))
  try {
    const bin = join(home, 'bin')
    const work = join(home, 'work')
    mkdirSync(bin)
    mkdirSync(work)
    writeFileSync(join(home, 'printed'), printed)
    writeFileSync(join(bin, 'sesame'), '#!/bin/sh\ncat "$HOME/printed"\n')
    chmodSync(join(bin, 'sesame'), 0o755)
    const [program = '', ...options] = shell
    const run = spawnSync(program, [...options, '-c', script], {
      cwd: work,
      env: { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, HOME: home, LC_ALL: 'C.UTF-8', ...env },
      timeout: 20_000,
    })
    if (run.error) throw run.error
    // Strict decoding: with it, equal strings are equal bytes.
    const stdout = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(run.stdout)
    return {
      status: run.status,
      stdout,
      stderr: run.stderr.toString(),
      environment: Object.fromEntries(
        stdout
          .split('\0')
          .filter((line) => line.includes('='))
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      ),
      files: readdirSync(work),
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** True where the shell is on this machine. */
export function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true'], { env: { PATH: process.env.PATH } }).error === undefined
}

/** The POSIX shells, with the options that change how words are read. */
export const posixShells: readonly { name: string; shell: readonly string[]; prelude: string }[] = [
  { name: 'bash', shell: ['bash'], prelude: '' },
  { name: 'bash --posix', shell: ['bash', '--posix'], prelude: '' },
  { name: 'dash', shell: ['dash'], prelude: '' },
  { name: 'zsh', shell: ['zsh', '-f'], prelude: '' },
  {
    name: 'zsh with odd options',
    shell: ['zsh', '-f'],
    prelude: 'setopt rcquotes magicequalsubst globassign extendedglob globsubst; ',
  },
  { name: 'ksh', shell: ['ksh'], prelude: '' },
].filter(({ shell: [program = ''] }) => isInstalled(program))
