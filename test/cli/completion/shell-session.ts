import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { afterAll } from 'vitest'
import { spawnSync } from '../../support/run-sync.ts'

export interface Session {
  /** What stood on the terminal or on stdout. */
  output: string
  stderr: string
  /** The arguments of each run of `sesame`, except those for completion. */
  runs: string[][]
  /** What lies in the working directory afterwards. */
  files: string[]
}

export interface SessionInput {
  program: string
  args: readonly string[]
  /** Keys typed, or text on stdin. */
  stdin?: string
  completion: string
  profiles: readonly string[]
  /** Files of the working directory. */
  files?: readonly string[]
  /** `sesame` cannot read the profiles, and fails with a message. */
  broken?: boolean
}

let fakeSesame: string

/** One CommonJS file, as the published build is. Called before the first session of a file of tests. */
export async function buildFakeSesame(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-completion-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  fakeSesame = join(directory, 'sesame.cjs')
  const input = join(import.meta.dirname, 'fake-sesame.ts')
  const build = await rolldown({ input, platform: 'node', logLevel: 'silent' })
  await build.write({ file: fakeSesame, format: 'cjs', codeSplitting: false })
  await build.close()
}

/**
 * Runs a program in an empty directory. `$HOME/completion` is the script; the `sesame` on the PATH completes the sample commands,
 * and otherwise writes down its arguments.
 */
export function runSession({
  program,
  args,
  stdin = '',
  completion,
  profiles,
  files = [],
  broken,
}: SessionInput): Session {
  const home = mkdtempSync(join(tmpdir(), 'sesame-completion-'))
  try {
    const bin = join(home, 'bin')
    const work = join(home, 'work')
    mkdirSync(bin)
    mkdirSync(work)
    for (const file of files) writeFileSync(join(work, file), '')
    writeFileSync(join(home, 'completion'), completion)
    if (broken !== true) writeFileSync(join(home, 'profiles'), profiles.map((name) => `${name}\n`).join(''))
    writeFileSync(join(bin, 'sesame'), `#!/bin/sh\nexec '${process.execPath}' '${fakeSesame}' "$@"\n`)
    chmodSync(join(bin, 'sesame'), 0o755)
    const run = spawnSync(program, args, {
      cwd: work,
      env: { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, HOME: home, LC_ALL: 'C.UTF-8', TERM: 'dumb' },
      input: stdin,
      timeout: 20_000,
    })
    if (run.error) throw run.error
    const record = join(home, 'runs')
    const recorded = existsSync(record) ? readFileSync(record, 'utf8') : ''
    return {
      output: run.stdout.toString(),
      stderr: run.stderr.toString(),
      runs: recorded
        .split('\0\n')
        .slice(0, -1)
        .map((line) => line.split('\0')),
      files: readdirSync(work).sort(),
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** Types keys into an interactive shell on a pseudo-terminal (`script` of util-linux). */
export function typeInto(
  shell: string,
  keys: string,
  input: Pick<SessionInput, 'completion' | 'profiles' | 'broken'>,
): Session {
  return runSession({
    ...input,
    program: 'script',
    args: ['-qec', shell, '/dev/null'],
    stdin: `${keys}exit\n`,
  })
}

/** True where all programs are on this machine. */
export function areInstalled(...programs: string[]): boolean {
  return programs.every(
    (program) => spawnSync(program, ['--version'], { env: { PATH: process.env.PATH } }).error === undefined,
  )
}
