import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type HookShell, hookSnippet } from '../../../src/cli/hook/hook-snippet.ts'
import { formatInstant } from '../../../src/kit/credentials.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { credentialEnvironment, formatCredentials, formatFailure } from '../../../src/output/index.ts'
import { spawnSync } from '../../support/run-sync.ts'

/** The shells that run here; PowerShell's snippet is only read. */
export type TestedShell = Exclude<HookShell, 'powershell'>

export const testedShells: readonly TestedShell[] = ['bash', 'zsh', 'fish']

/** Secrets of the credentials that a shell begins with, and of those it gets. */
export const oldSecret = 'old+secret/0001'
export const newSecret = 'new+secret/0002'

interface Answer {
  /** Exit code of `sesame`; with 0 it prints credentials. */
  code: number
  /** Seconds for which the new credentials are valid. */
  lifeSeconds?: number
  /** Instead of that, the very expiry that the shell has. */
  sameExpiration?: boolean
}

export interface HookedShellInput {
  shell: TestedShell
  /** Lines typed, each followed by a prompt. */
  lines: readonly string[]
  /** Seconds for which the credentials in the environment are valid; none are there without it. */
  leftSeconds?: number | undefined
  profile?: string
  answer?: Answer
  env?: Record<string, string>
  /** What the start-up file does before and after the hook. */
  before?: string
  after?: string
  /** Changes the snippet, to try what a shell of another version does. */
  change?: (snippet: string) => string
  /** No `sesame` on the PATH. */
  missing?: boolean
  /** Put before the shell's own words, such as strace and its. */
  runBy?: (home: string) => string[]
}

export interface HookedShellOutput {
  stdout: string
  /** Lines that the hook said. */
  said: string[]
  stderr: string
  /** The words of each run of `sesame`, the name first. */
  calls: string[][]
  /** How often `date` was run. */
  dates: number
  /** A file in the HOME, by name; undefined when there is none. */
  file(name: string): string | undefined
}

const profileOfTests = 'dev'

function instantIn(seconds: number): string {
  return formatInstant(new Date(Math.floor(Date.now() / 1000 + seconds) * 1000))
}

function credentialsThatEnd(expiration: string, mark: 'old' | 'new') {
  return {
    accessKeyId: `STS.${mark}`,
    accessKeySecret: new Secret(mark === 'old' ? oldSecret : newSecret),
    securityToken: new Secret(`${mark}-token`),
    expiresAt: new Date(expiration),
  }
}

/** Types lines into an interactive shell that has the hook, with a `sesame` that writes down how it was called. */
export function runHookedShell(input: HookedShellInput): HookedShellOutput {
  const { shell, leftSeconds, profile = profileOfTests, answer = { code: 3 } } = input
  const home = mkdtempSync(join(tmpdir(), 'sesame-hook-'))
  try {
    const bin = join(home, 'bin')
    mkdirSync(bin)
    mkdirSync(join(home, 'work'))
    if (!input.missing) install(bin, 'sesame', '. "$HOME/answer"')
    install(bin, 'date', 'exec /bin/date "$@"')
    const expiration = leftSeconds === undefined ? undefined : instantIn(leftSeconds)
    writeFileSync(join(home, 'answer'), answerScript(shell, answer, { home, profile, expiration }))
    writeFileSync(join(home, 'hook'), (input.change ?? String)(hookSnippet(shell)))
    const startup = [input.before ?? '', `source "$HOME/hook"`, input.after ?? ''].join('\n')
    for (const name of ['.zshrc', 'startup']) writeFileSync(join(home, name), startup)
    const [program = '', ...words] = [...(input.runBy?.(home) ?? []), ...shellWords(input, home)]
    const run = spawnSync(program, words, {
      cwd: join(home, 'work'),
      input: shell === 'fish' ? '' : `${input.lines.join('\n')}\nexit 0\n`,
      encoding: 'utf8',
      timeout: 25_000,
      env: {
        PATH: bin,
        HOME: home,
        ZDOTDIR: home,
        XDG_CONFIG_HOME: home,
        XDG_DATA_HOME: home,
        LC_ALL: 'C.UTF-8',
        TERM: 'dumb',
        PS1: '',
        PS2: '',
        ...(expiration === undefined
          ? {}
          : credentialEnvironment(credentialsThatEnd(expiration, 'old'), { profile })),
        ...input.env,
      },
    })
    if (run.error) throw run.error
    const file = (name: string) =>
      existsSync(join(home, name)) ? readFileSync(join(home, name), 'utf8') : undefined
    const found = Object.fromEntries(
      ['stdin', 'strace', 'work/PWN'].map((name) => [name, file(name)] as const),
    )
    const calls = (file('calls') ?? '')
      .split('\0\n')
      .slice(0, -1)
      .map((line) => line.split('\0'))
    return {
      stdout: run.stdout,
      stderr: run.stderr,
      said: run.stderr.match(/sesame: credentials.*/g) ?? [],
      calls: calls.filter(([name]) => name === 'sesame'),
      dates: calls.filter(([name]) => name === 'date').length,
      file: (name) => found[name],
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** Where a program is, looked up here: the shell's own PATH holds only what the test puts there. */
export function locate(program: string): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find(existsSync)
  if (found === undefined) throw new Error(`no ${program} on the PATH`)
  return found
}

function shellWords({ shell, lines }: HookedShellInput, home: string): string[] {
  const startup = join(home, 'startup')
  if (shell === 'bash') return [locate('bash'), '--noprofile', '--rcfile', startup, '-i']
  if (shell === 'zsh') return [locate('zsh'), '--no-globalrcs', '-i']
  // Without a terminal fish has no prompts: their event is sent by hand.
  const script = ['', ...lines].map((line) => `${line}\nemit fish_prompt\n`).join('')
  return [locate('fish'), '--no-config', '--init-command', `source ${startup}`, '--command', script]
}

function install(bin: string, name: string, body: string): void {
  const path = join(bin, name)
  writeFileSync(path, `#!/bin/sh\n{ printf '%s\\0' ${name} "$@"; printf '\\n'; } >>"$HOME/calls"\n${body}\n`)
  chmodSync(path, 0o755)
}

function answerScript(
  shell: TestedShell,
  { code, lifeSeconds = 3600, sameExpiration }: Answer,
  { home, profile, expiration }: { home: string; profile: string; expiration: string | undefined },
): string {
  const format = shell === 'fish' ? 'fish' : 'env'
  const next = sameExpiration && expiration !== undefined ? expiration : instantIn(lifeSeconds)
  const text =
    code === 0
      ? formatCredentials(format, credentialsThatEnd(next, 'new'), { profile })
      : formatFailure(format)
  writeFileSync(join(home, 'text'), text)
  return `if [ "$1" = credentials ]; then read -r line; printf %s "$line" >"$HOME/stdin"; fi
echo 'noise of sesame' >&2
/bin/cat "$HOME/text"
exit ${code}
`
}
