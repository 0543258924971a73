import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPlace, readKnowledge, rememberedConfig } from '../../src/profiles/index.ts'
import { recordOutput } from './record.ts'
import { type Finished, makeHome, type Running, type RunOptions, runSesame, startSesame } from './sesame.ts'

/** One item of the plaintext store: its file, its key, and the value that sesame keeps there. */
interface StoredItem {
  path: string
  key: string
  value: Record<string, unknown>
}

export interface TestHome {
  home: string
  /** Where `config.json` is. */
  directory: string
  /** Where `state.json`, the locks and the file stores are. */
  state: string
  run(words: readonly string[], options?: Partial<RunOptions>): Promise<Finished>
  /** The same command in this process, for what a test only needs to have been done: quicker than a process. */
  prepare(words: readonly string[], options?: Partial<RunOptions>): Promise<Finished>
  start(words: readonly string[], options?: Partial<RunOptions>): Running
  /** The configuration, with what the machine remembers. */
  config(): { signInUrl?: string; currentProfile?: string; profiles: Record<string, Record<string, string>> }
  /** What the plaintext store holds. */
  items(): StoredItem[]
  /** Writes items back after a change of their values. */
  change(change: (item: StoredItem) => Record<string, unknown>): void
  /** Lock files that a process holds or waits at. */
  locks(): string[]
  remove(): void
}

/** A HOME whose configuration names a sign-in URL, or nothing, with the plaintext store unless `env` says otherwise. */
export function makeTestHome(
  { signInUrl }: { signInUrl?: string },
  env: Record<string, string> = { SESAME_STORE: 'plaintext' },
): TestHome {
  const { home, remove } = makeHome()
  const directory = join(home, '.config', 'sesame')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const configPath = join(directory, 'config.json')
  writeFileSync(configPath, JSON.stringify({ version: 1, signInUrl, profiles: {} }), { mode: 0o600 })
  const state = join(home, '.local', 'state', 'sesame')
  const secrets = join(state, 'plaintext-secrets')
  const withEnv = (options: Partial<RunOptions> = {}) => ({
    ...options,
    home,
    env: { ...env, ...options.env },
  })
  const items = () => namesIn(secrets).map((name) => readItem(join(secrets, name)))
  return {
    home,
    directory,
    state,
    run: (words, options) => runSesame(words, withEnv(options)),
    prepare: async (words, options) => (await import('./run-here.ts')).runHere(words, withEnv(options)),
    start: (words, options) => startSesame(words, withEnv(options)),
    config: () => configAt(home),
    items,
    change: (change) => {
      for (const item of items()) {
        const { path, key } = item
        writeFileSync(path, JSON.stringify({ v: 1, key, value: JSON.stringify(change(item)) }))
      }
    },
    locks: () => namesIn(join(state, 'locks')),
    remove: () => {
      recordFailure(join(state, 'last-failure.json'))
      remove()
    },
  }
}

/** What a failed flow has left may be posted anywhere: the scan looks at it as at what is printed. */
function recordFailure(path: string): void {
  if (!existsSync(path)) return
  recordOutput({ words: ['last-failure.json'], stdout: '', stderr: readFileSync(path, 'utf8'), code: null })
}

/** The configuration of a home, with what its machine remembers. */
export function configAt(home: string): ReturnType<TestHome['config']> {
  const place = findPlace({ env: {}, platform: process.platform, homeDirectory: home })
  const { profiles, ...rest } = rememberedConfig(readKnowledge(place, () => {}))
  return JSON.parse(JSON.stringify({ ...rest, profiles: Object.fromEntries(profiles) }))
}

function readItem(path: string): StoredItem {
  const { key, value } = JSON.parse(readFileSync(path, 'utf8'))
  return { path, key, value: JSON.parse(value) }
}

/** The names in a directory; none where there is none. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
