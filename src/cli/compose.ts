import { join } from 'node:path'
import { isSesameError, SesameError } from '../errors.ts'
import { defaultClientId } from '../identity/index.ts'
import { type Log, silentLog } from '../log.ts'
import { readConfig, type StoreChoice, storeChoices, updateConfig } from '../profile/index.ts'
import type { Secret } from '../secret.ts'
import type { Person, SessionContext } from '../session/index.ts'
import { type CredentialStore, openStore } from '../store/index.ts'
import { configDirectory } from './directories.ts'
import type { Edges } from './edges.ts'
import { catchInterruption } from './interruption.ts'
import { version } from './version.ts'

/** The composed program: what commands work with. Costly parts are made when they are first used. */
export interface Program {
  edges: Edges
  directory: string
  /** True when a person can be asked: standard input and standard error are a terminal. */
  interactive: boolean
  session: SessionContext
  /** The person at this terminal. `browser: false` only shows addresses; `qr` draws them too. */
  person(options: { browser: boolean; qr: boolean }): Promise<Person>
  /** The result: the only thing that ever goes to stdout. */
  print(text: string): void
  /** A line for the person, on stderr. */
  tell(line: string): void
}

/** Builds the real program around the edges: the one place that knows every room. */
export async function compose(edges: Edges, passphrase: Secret | undefined): Promise<Program> {
  const { env, clock } = edges
  const directory = configDirectory(edges)
  const interactive = edges.stdinIsTerminal && edges.stderrIsTerminal
  const tell = (line: string) => void edges.stderr(`${line}\n`)
  const log = await openLog(edges)
  const signal = lazily(catchInterruption)
  const fetch = lazily(() => openFetch(edges, log))
  const stores = new Map<string, Promise<CredentialStore>>()

  const session: SessionContext = {
    clock,
    log,
    fetch: async (url, init) => (await fetch())(url, init),
    random: edges.random,
    get signal() {
      return signal()
    },
    cloudSsoClientId: env.ALIBABACLOUD_SSO_CLIENT_ID || env.ALIBABA_CLOUD_SSO_CLIENT_ID || defaultClientId,
    storeOverride: readStoreChoice(env.SESAME_STORE),
    openStore: (choice, purpose) => {
      const name = `${choice} ${purpose}`
      const opened = stores.get(name) ?? openProgramStore(choice, purpose)
      stores.set(name, opened)
      return opened
    },
    withLock: (name, run, options) => lockByName(name, run, options?.waitMs),
    readConfig: () => readConfig(directory, tell),
    updateConfig: (change) =>
      updateConfig({ directory, warn: tell, withLock: (run) => lockByName('config', run) }, change),
    warn: tell,
  }

  async function openProgramStore(choice: StoreChoice, purpose: 'read' | 'write'): Promise<CredentialStore> {
    const { store } = await openStore({
      choice,
      directory,
      platform: edges.platform,
      dbus: { address: env.DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: env.XDG_RUNTIME_DIR },
      uid: edges.uid,
      passphrase: async () => passphrase ?? (await import('./prompts.ts')).askPassphrase(interactive),
      passphraseAvailable: passphrase !== undefined,
      interactive,
      clock,
      log,
      warn: tell,
      forWriting: purpose === 'write',
    })
    return store
  }

  async function lockByName<T>(name: string, run: () => Promise<T>, waitMs?: number): Promise<T> {
    const { withFileLock } = await import('../file-lock.ts')
    const { createHash } = await import('node:crypto')
    const file = `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`
    const options = {
      clock,
      log,
      signal: signal(),
      waitMs,
      onWait: (holder: { pid: number }) => tell(`Waiting for another sesame (process ${holder.pid}) …`),
      onUnavailable: (error: unknown) =>
        tell(`Going on without a lock: ${isSesameError(error) ? error.message : error}`),
    }
    return withFileLock(join(directory, 'locks', file), options, run)
  }

  return {
    edges,
    directory,
    interactive,
    session,
    person: async (options) => {
      const { createTerminalPerson } = await import('./terminal-person.ts')
      return createTerminalPerson(edges, { ...options, interactive, tell, log, signal: signal() })
    },
    print: (text) => void edges.stdout(text),
    tell,
  }
}

/** Takes every known secret, and whatever looks like one, out of a text. */
export async function loadScrub(): Promise<(text: string) => string> {
  return (await import('../http/index.ts')).scrub
}

async function openLog({ env, clock, stderr, stderrIsTerminal }: Edges): Promise<Log> {
  if (!env.DEBUG) return silentLog
  const { openDebugLog } = await import('../http/index.ts')
  return openDebugLog({
    pattern: env.DEBUG,
    colors: stderrIsTerminal,
    write: (line) => void stderr(`${line}\n`),
    clock,
  })
}

async function openFetch({ env, clock }: Edges, log: Log) {
  const { createFetch, readProxyEnvironment } = await import('../http/index.ts')
  return createFetch({
    version,
    proxy: readProxyEnvironment(env),
    caFile: env.SESAME_CA_FILE,
    extraCaFile: env.NODE_EXTRA_CA_CERTS,
    tlsRejectUnauthorized: env.NODE_TLS_REJECT_UNAUTHORIZED,
    log,
    clock,
  })
}

function readStoreChoice(text: string | undefined): StoreChoice | undefined {
  if (text === undefined || text === '') return undefined
  const choice = storeChoices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new SesameError('ERR_CONFIG', 'SESAME_STORE names no store.', {
    hint: `It can be ${storeChoices.join(', ')}.`,
  })
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
