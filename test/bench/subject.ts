import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Directory } from '../../mocks/index.ts'
import { sesamePath } from '../support/sesame.ts'

/** A program under measurement, and how it spells what is measured. */
export interface Subject {
  name: string
  /** Node and the program; commands are appended. */
  program: readonly string[]
  /** Sets the sign-in URL. */
  configure(signInUrl: string): readonly string[]
  /** A sign-in that opens no browser and asks nothing: account and access configuration are given. */
  login(choice: Choice): readonly string[]
  /** The printing of cached credentials. */
  cached: readonly string[]
  /** What it needs in its environment to trust a certification authority, and not to open a browser. */
  environment(caFile?: string): Environment
}

/** What a person would pick from the lists. */
export interface Choice {
  account: { id: string; name: string }
  configurationName: string
}

/** The last role of a directory that every client can name: some read an id as a number and lose its leading zeros. */
export function lastRole(directory: Directory): Choice {
  const account = directory.accounts.findLast(({ AccountId }) => !AccountId.startsWith('0'))
  const configuration = account?.configurations[0]
  if (account === undefined || configuration === undefined) throw new Error('there is no role to choose')
  return {
    account: { id: account.AccountId, name: account.DisplayName },
    configurationName: configuration.AccessConfigurationName,
  }
}

export const sesame: Subject = {
  name: 'sesame',
  program: [process.execPath, sesamePath],
  configure: (signInUrl) => ['configure', '--signin-url', signInUrl],
  login: ({ account, configurationName }) => [
    ...['login', '--profile', 'bench', '--no-browser'],
    // By name, so that it has to list the accounts as others do.
    ...['--account-id', account.name, '--access-config', configurationName],
  ],
  cached: ['login', '--env'],
  environment: (caFile) => (caFile === undefined ? {} : { SESAME_CA_FILE: caFile }),
}

export type Environment = Record<string, string>

const directories = new Set<string>()
process.on('exit', () => {
  for (const path of directories) rmSync(path, { recursive: true, force: true })
})

/** A directory of its own, for a HOME or a certificate; it goes with `remove()`, with this process at the latest. */
export function makeDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sesame-bench-'))
  directories.add(path)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** An environment with nothing in it that could slow Node down or lead the program astray. */
export function bareEnvironment(home: string, more: Environment = {}): Environment {
  return { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: home, ...more }
}

/** Runs a command to its end; its output, and how long it took. Throws when it fails. */
export async function runToEnd(
  command: readonly string[],
  env: Environment,
): Promise<{ stdout: string; wallMs: number; endedAtMs: number }> {
  const result = await tryToEnd(command, env)
  if (result.code !== 0)
    throw new Error(`${command.join(' ')} ended with ${result.code}: ${result.stdout}${result.stderr}`)
  return result
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  wallMs: number
  /** Monotonic, by `performance.now()`. */
  endedAtMs: number
}

/** The same for a command that may fail. */
export async function tryToEnd(command: readonly string[], env: Environment): Promise<Ended> {
  const [program = '', ...words] = command
  const startedAtMs = performance.now()
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  let endedAtMs = 0
  child.on('exit', () => {
    endedAtMs = performance.now()
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { code, stdout, stderr, wallMs: endedAtMs - startedAtMs, endedAtMs }
}
