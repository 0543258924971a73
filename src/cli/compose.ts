import { join } from 'node:path'
import { errorCode, isSesameError, SesameError } from '../errors.ts'
import { defaultClientId } from '../identity/index.ts'
import { type Log, silentLog } from '../log.ts'
import { readConfig, type StoreChoice, storeChoices, updateConfig } from '../profile/index.ts'
import type { Secret } from '../secret.ts'
import type { Person, SessionContext } from '../session/index.ts'
import { type CredentialStore, openStore } from '../store/index.ts'
import { configDirectory } from './directories.ts'
import type { Edges } from './edges.ts'
import { catchInterruption } from './interruption.ts'
import { passphraseOf } from './passphrase.ts'
import { version } from './version.ts'

/** The part of the world that answers from the store: all that the cached path needs. */
export interface Reader
  extends Pick<
    SessionContext,
    'clock' | 'log' | 'cloudSsoClientId' | 'storeOverride' | 'openStore' | 'readConfig' | 'warn'
  > {
  directory: string
}

/** The composed program: what commands work with. Costly parts are made when they are first used. */
export interface Program {
  edges: Edges
  directory: string
  /** True when a person can be asked: standard input and standard error are a terminal. */
  readonly interactive: boolean
  session: SessionContext & Reader
  /** The person at this terminal. `browser: false` only shows addresses; `qr` draws them too. */
  person(options: { browser: boolean; qr: boolean }): Promise<Person>
  /** The result: the only thing that ever goes to stdout. */
  print(text: string): void
  /** A line for the person, on stderr. */
  tell(line: string): void
  /** Leaves Ctrl-C and its kin to somebody else: to a child, or to a server that ends in its own way. */
  releaseSignals(): void
}

export interface ReaderOptions {
  log: Log
  /** What SESAME_PASSPHRASE held. */
  passphrase: Secret | undefined
  /** Asks the person for it. */
  askPassphrase: () => Promise<Secret>
  /** Whether somebody can be asked. */
  interactive: () => boolean
}

/** Builds what reads the configuration and the stores. Cheap: nothing is opened before it is asked for. */
export function composeReader(
  edges: Edges,
  { log, passphrase, askPassphrase, interactive }: ReaderOptions,
): Reader {
  const { env, clock } = edges
  // Help and version must work whatever the environment says: what it says wrong is told when it matters.
  const directory = lazily(() => configDirectory(edges))
  const warn = (line: string) => void edges.stderr(`${line}\n`)
  const stores = new Map<string, Promise<CredentialStore>>()

  async function open(choice: StoreChoice, purpose: 'read' | 'write'): Promise<CredentialStore> {
    const { store } = await openStore({
      choice,
      directory: directory(),
      platform: edges.platform,
      dbus: { address: env.DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: env.XDG_RUNTIME_DIR },
      uid: edges.uid,
      passphrase: async () => passphrase ?? askPassphrase(),
      passphraseAvailable: passphrase !== undefined,
      get interactive() {
        return interactive()
      },
      clock,
      log,
      warn,
      forWriting: purpose === 'write',
    })
    return store
  }

  return {
    clock,
    log,
    get directory() {
      return directory()
    },
    cloudSsoClientId: env.ALIBABACLOUD_SSO_CLIENT_ID || env.ALIBABA_CLOUD_SSO_CLIENT_ID || defaultClientId,
    get storeOverride() {
      return readStoreChoice(env.SESAME_STORE)
    },
    openStore: (choice, purpose) => {
      const name = `${choice} ${purpose}`
      const opened = stores.get(name) ?? open(choice, purpose)
      stores.set(name, opened)
      return opened
    },
    readConfig: () => readConfig(directory(), warn),
    warn,
  }
}

/** Builds the real program around the edges: the one place that knows every room. */
export async function compose(edges: Edges): Promise<Program> {
  const { clock } = edges
  const log = await openLog(edges)
  const interruption = lazily(catchInterruption)
  const signal = () => interruption().signal
  const fetch = lazily(() => openFetch(edges, log))
  const askPassphrase = async () => (await import('./prompts.ts')).askPassphrase(isInteractive(edges))
  const reader = composeReader(edges, {
    log,
    passphrase: passphraseOf(edges),
    askPassphrase,
    interactive: () => isInteractive(edges),
  })
  const tell = reader.warn
  const directory = () => reader.directory

  const session: SessionContext & Reader = {
    clock,
    log,
    cloudSsoClientId: reader.cloudSsoClientId,
    openStore: reader.openStore,
    readConfig: reader.readConfig,
    warn: tell,
    get directory() {
      return directory()
    },
    get storeOverride() {
      return reader.storeOverride
    },
    fetch: async (url, init) => (await fetch())(url, init),
    random: edges.random,
    get signal() {
      return signal()
    },
    withLock: (name, run, options) => lockByName(name, run, options?.waitMs),
    updateConfig: (change) =>
      updateConfig(
        { directory: directory(), warn: tell, withLock: (run) => lockByName('config', run) },
        change,
      ),
  }

  let told = false
  const tellOnce = (error: unknown) => {
    const reason = isSesameError(error)
      ? error.message
      : `${directory()} takes no files (${errorCode(error)}).`
    if (!told) tell(`Going on without locks: ${reason}`)
    told = true
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
      onUnavailable: tellOnce,
    }
    return withFileLock(join(directory(), 'locks', file), options, run)
  }

  return {
    edges,
    get directory() {
      return directory()
    },
    get interactive() {
      return isInteractive(edges)
    },
    session,
    releaseSignals: () => interruption().release(),
    person: async (options) => {
      const { createTerminalPerson } = await import('./terminal-person.ts')
      return createTerminalPerson(edges, {
        ...options,
        interactive: isInteractive(edges),
        tell,
        log,
        signal: signal(),
      })
    },
    print: (text) => {
      if (edges.stdout(text) !== 'failed') return
      throw new SesameError('ERR_OUTPUT', 'The result could not be written to the standard output.', {
        hint: 'If it goes to a file, the disk may be full.',
      })
    },
    tell,
  }
}

/** Takes every known secret, and whatever looks like one, out of a text. */
export async function loadScrub(): Promise<(text: string) => string> {
  return (await import('../http/index.ts')).scrub
}

async function openLog(edges: Edges): Promise<Log> {
  const pattern = edges.env.DEBUG
  if (!pattern) return silentLog
  const { openDebugLog } = await import('../http/index.ts')
  return openDebugLog({
    pattern,
    colors: edges.stderrIsTerminal,
    write: (line) => void edges.stderr(`${line}\n`),
    clock: edges.clock,
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

function isInteractive({ stdinIsTerminal, stderrIsTerminal }: Edges): boolean {
  return stdinIsTerminal && stderrIsTerminal
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
