import type { StoreInspection } from '../doctor/index.ts'
import type { ExchangeStep } from '../http/index.ts'
import {
  type FixedText,
  type Log,
  printableLines,
  type Secret,
  SesameError,
  type StoreChoice,
  silentLog,
  t,
  type Warn,
} from '../kit/index.ts'
import type { Place } from '../profiles/index.ts'
import type { ManagedFile, PassphraseSource } from '../store/index.ts'
import {
  askPassphrase,
  catchInterruption,
  createTerminalPerson,
  type Edges,
  type Interruption,
  type Person,
  passphraseOf,
} from '../terminal/index.ts'
import { type Handover, sayOnce } from './handover.ts'
import { loadRest } from './own-program.ts'
import { composeReader, filesOf, passphraseSource, storeContext } from './reader.ts'
import { composeSession, keychainProof, type Session } from './session.ts'
import { composeStoreOffer } from './store-offer.ts'

/** The composed program: what commands work with. Costly parts are made when they are first used. */
export interface Program {
  edges: Edges
  /** Where the configuration and the state are. @throws SesameError ERR_CONFIG */
  place(): Place
  /** True when the user can be asked: standard input and standard error are a terminal. */
  interactive: boolean
  session: Session
  /** The last requests of this program and what came of them, without secrets and names. */
  exchanges(): readonly ExchangeStep[]
  /** The person at this terminal. `browser: false` only shows addresses; `qr` draws them too. */
  person(options: { browser: boolean; qr: boolean }): Promise<Person>
  /** The result: the only thing that ever goes to stdout. Control characters in it, wherever they come from, are escaped. */
  print(text: string): void
  /** A line for the person, on stderr, with control characters escaped and secrets taken out. */
  notify(line: string): void
  /** Leaves SIGINT, SIGTERM and SIGHUP to other code: to a child process, or to a server that ends in its own way. */
  releaseSignals(): void
  /** Resolves when no request is on the wire any more whose answer must not be lost. */
  settled(): Promise<void>
  /** Opens a store as a login would, but without a prompt: what it says is in the result. */
  inspectStore(choice: StoreChoice): Promise<StoreInspection>
  /** The encrypted file of this configuration. */
  encryptedFile(): Promise<ManagedFile>
  /** Loads what is not loaded yet: before a command waits, as the package may be replaced meanwhile. */
  loadRest(): void
  /** The proxy for a URL and the variable that names it. @throws SesameError ERR_PROXY */
  wayTo(url: string): Promise<string | undefined>
}

const onHeld: FixedText =
  'The provider is renewing the sign-in, which would be lost now; interrupt again to end at once.'

/** What this process has worked so far: what a start takes where it gets a core at once. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/**
 * Builds the real program around the edges; what it shares with the library is built by `session.ts`. With `quiet` the session warns of
 * nothing.
 */
export async function compose(
  edges: Edges,
  handover: Handover = {},
  { quiet = false }: { quiet?: boolean } = {},
): Promise<Program> {
  const log = await openLog(edges)
  const interactive = edges.isTerminal(0) && edges.isTerminal(2)
  let caught: Interruption | undefined
  const interruption = () => {
    caught ??= catchInterruption(() => notify(t(onHeld)))
    return caught
  }
  const signal = () => interruption().signal
  let asked: Promise<Secret> | undefined
  let isGiven = false
  const askOnce: PassphraseSource = (use) => {
    // It is typed once, however many stores are opened with it.
    if (asked === undefined && interactive) loadRest()
    asked ??= askPassphrase(interactive, use)
    return asked
  }
  const notify = (line: string) => void edges.stderr(printableLines(`${line}\n`))
  const warn = sayOnce(notify, handover.said ?? new Set())
  const encryptedFile = () => {
    const passphrase = passphraseSource(passphraseOf(edges), askOnce)
    return openManagedFile(edges, { place: reader.place(), log, warn, passphrase })
  }
  const storeOffer = composeStoreOffer({
    signal,
    notify,
    onWait: loadRest,
    passphraseAtHand: passphraseOf(edges) !== undefined,
    askPassphrase: () => askOnce({ isNew: false }),
    onPassphrase: (passphrase) => {
      asked = Promise.resolve(passphrase)
      isGiven = true
    },
    file: encryptedFile,
  })
  const reader = composeReader(edges, {
    log,
    warn: quiet ? () => undefined : warn,
    passphrase: passphraseOf(edges),
    askPassphrase: askOnce,
    isPassphraseGiven: () => isGiven,
    interactive: () => interactive,
    unanswered: handover.unanswered,
    proof: keychainProof(() => session),
  })
  const { session, exchanges } = composeSession(edges, reader, signal, {
    startedMs: handover.startedMs ?? edges.clock.monotonicMs() - process.uptime() * 1000,
    claimed: (path) => handover.claimed?.take(path),
    spentMs: (handover.waitedMs ?? 0) + cpuMs(),
    holdSignals: () => interruption().hold(),
    storeOffer: interactive ? storeOffer : undefined,
  })

  return {
    edges,
    place: () => reader.place(),
    interactive,
    session,
    exchanges,
    releaseSignals: () => interruption().release(),
    settled: async () => caught?.settled(),
    inspectStore: (choice) => inspectStore(choice, edges, reader.place(), log),
    encryptedFile,
    wayTo: async (url) => {
      const { readProxyEnvironment, wayTo } = await import('../http/index.ts')
      return wayTo(url, readProxyEnvironment(edges.env))
    },
    person: async (options) => {
      return createTerminalPerson(edges, {
        ...options,
        interactive,
        notify,
        log,
        signal: signal(),
        onWait: loadRest,
      })
    },
    loadRest,
    print: (text) => {
      if (edges.stdout(printableLines(text)) !== 'failed') return
      throw new SesameError('ERR_OUTPUT', t('The result could not be written to the standard output.'), {
        hint: t('If it goes to a file, the disk may be full.'),
      })
    },
    notify,
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
    colors: edges.isTerminal(2) && !edges.env.NO_COLOR,
    write: (line) => void edges.stderr(`${line}\n`),
    clock: edges.clock,
  })
}

async function openManagedFile(
  edges: Edges,
  { place, ...options }: { place: Place; log: Log; warn: Warn; passphrase: PassphraseSource },
): Promise<ManagedFile> {
  const { manageEncryptedFile, settleFiles } = await import('../store/index.ts')
  const { dbus, ...context } = storeContext(edges)
  const directory = settleFiles('encrypted-file', { ...filesOf(place), warn: options.warn })
  return manageEncryptedFile({ ...context, ...options, directory, runtimeDirectory: dbus.runtimeDirectory })
}

async function inspectStore(
  choice: StoreChoice,
  edges: Edges,
  place: Place,
  log: Log,
): Promise<StoreInspection> {
  const { busRemark, openStore } = await import('../store/index.ts')
  const passphrase = passphraseOf(edges)
  const notes: string[] = []
  const { store, probe, reason } = await openStore({
    ...storeContext(edges),
    choice,
    ...filesOf(place),
    passphrase: passphrase && passphraseSource(passphrase, async () => passphrase),
    passphraseAvailable: passphrase !== undefined,
    interactive: () => false,
    log,
    warn: (line) => void notes.push(line),
    forWriting: true,
    inspects: true,
  })
  const { dbus, uid } = storeContext(edges)
  const bus = probe === undefined ? undefined : (reason ?? busRemark(dbus, uid))
  const found = { kind: store.kind, ...(probe === undefined ? {} : { probe }), ...(bus && { bus }), notes }
  if (store.kind !== 'encrypted-file') return found
  const warn = (line: string) => void notes.push(line)
  const options = {
    place,
    log,
    warn,
    passphrase: () => Promise.reject(new TypeError('looking opens nothing')),
  }
  const encryption = (await openManagedFile(edges, options)).look()
  return encryption === undefined ? found : { ...found, encryption }
}
