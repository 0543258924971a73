import { type Held, lockPath, waitingFor } from '../files/index.ts'
import type { ExchangeRecord, ExchangeStep, SesameFetch } from '../http/index.ts'
import { errorCode, isSesameError, type RequestOptions, type StoreName, t } from '../kit/index.ts'
import {
  checkConfigWritable,
  checkStateWritable,
  hasFormerNames,
  readKnowledge,
  type State,
} from '../profiles/index.ts'
import {
  changeState,
  type FormerNames,
  type SessionContext,
  type Sharing,
  type StoreOffer,
  starvedShare,
  takeFormerNames,
  updateConfig,
} from '../session/index.ts'
import type { HostContext, Reader } from '../start/index.ts'
import { fileStores, type Proof, withPrefix } from '../store/index.ts'
import { openFetch } from './environment-fetch.ts'

/** How far a process had come before the session was composed. */
export interface Beginning {
  /** Monotonic, in ms; by default now. */
  startedMs?: number | undefined
  /** How much of a program's patience is used up, in ms. */
  spentMs?: number | undefined
  /** A lock that was taken already: given to the caller that needs the one at this path. */
  claimed?: ((path: string) => Held | undefined) | undefined
  holdSignals?: (() => () => void) | undefined
  storeOffer?: StoreOffer | undefined
}

const fileStoreNames = Object.keys(fileStores) as StoreName[]

/** All that a use case needs. */
export interface Session extends SessionContext, Reader {}

/**
 * Builds the context of the use cases around a reader. `signal` ends waits and requests; it is called when it matters.
 * `close` ends the connections that requests have left open; `exchanges` are the last requests, without secrets.
 */
export function composeSession(
  host: HostContext,
  reader: Reader,
  signal: () => AbortSignal,
  { startedMs, spentMs = 0, claimed, holdSignals, storeOffer }: Beginning = {},
): { session: Session; close(): Promise<void>; exchanges(): readonly ExchangeStep[] } {
  const { clock, log, warn, place } = reader
  let opened: Promise<SesameFetch> | undefined
  let record: ExchangeRecord | undefined
  const fetch = () => {
    opened ??= openFetch(host.env, clock, log, (made) => {
      record = made
    })
    return opened
  }

  let warned = false
  const warnOnce = (error: unknown) => {
    const reason = isSesameError(error)
      ? error.message
      : t('{directory} takes no files ({code}).', {
          directory: place().state,
          code: String(errorCode(error)),
        })
    if (!warned) warn(t('Going on without locks: {reason}', { reason }))
    warned = true
  }

  async function lockAt<T>(path: string, run: () => Promise<T>, waitMs?: number): Promise<T> {
    const { withFileLock } = await import('../files/index.ts')
    const options = {
      clock,
      log,
      signal: signal(),
      waitMs,
      onWait: (holder: { pid: number } | undefined) => warn(waitingFor(holder?.pid, path)),
      onUnavailable: warnOnce,
    }
    return withFileLock(path, options, run)
  }

  const begunMs = clock.monotonicMs()
  const sharing: Sharing = {
    startedMs: startedMs ?? begunMs,
    patienceFromMs: begunMs - spentMs,
    starvedShare,
    lockPath: reader.lockPath,
    claimed: (path) => claimed?.(path),
    onUnavailable: warnOnce,
    scrub: async () => (await import('../http/index.ts')).scrub,
    holdSignals,
  }

  let named: Promise<void> | undefined
  async function nameItems(): Promise<void> {
    const here = place()
    if (here.identity === '') return
    const knowledge = readKnowledge(here, () => undefined)
    if (!hasFormerNames(here, knowledge)) return
    const { former } = knowledge.state
    const prefix = former?.identity ?? ''
    const lockDirectory = former === undefined ? (here.usualState ?? here.state) : here.state
    const names: FormerNames = {
      ...(former?.isCopy && { copied: fileStoreNames }),
      open: async (store) => ({
        former: withPrefix(await reader.openUnnamed(store, 'leave'), prefix),
        own: await reader.openStore(store, 'leave'),
      }),
      withLock: (name, run) => lockAt(lockPath(lockDirectory, prefix + name), run),
    }
    // Remembered first: what a later version keeps under those names belongs to the usual configuration.
    await session.updateConfig((config) => config)
    await takeFormerNames(names, session)
  }

  /** What a store is about to be given must be found again: a state that cannot be kept is an error before the sign-in. */
  async function expectSecrets(store: StoreName): Promise<void> {
    checkStateWritable(place(), warn)
    const note = (state: State): State =>
      state.stores[store]?.held
        ? state
        : { ...state, stores: { ...state.stores, [store]: { ...state.stores[store], held: true } } }
    try {
      await session.state.change(note)
    } catch (error) {
      // A full disk: what this run obtains is printed all the same.
      if (!isSesameError(error, 'ERR_FILE')) throw error
      log('sesame:store', `not remembered that ${store} is used: ${error.message}`)
    }
  }

  const session: Session = {
    ...reader,
    fetch: Object.assign(async (url: string, init?: RequestOptions) => (await fetch())(url, init), {
      plain: async (url: string, init?: RequestOptions) => (await fetch()).plain(url, init),
    }),
    random: host.random,
    osUserName,
    get signal() {
      return signal()
    },
    sharing,
    storeOffer,
    openStore: async (choice, purpose) => {
      named ??= nameItems()
      await named
      const store = await reader.openStore(choice, purpose)
      if (purpose === 'write' && store.kind !== 'memory') await expectSecrets(store.kind)
      return store
    },
    withLock: (name, run, options) => lockAt(reader.lockPath(name), run, options?.waitMs),
    checkConfigWritable: () => void checkConfigWritable(place().configuration),
    updateConfig: (change, by = 'user') => updateConfig(place(), { change, by }, session),
    state: {
      read: reader.readState,
      change: (change) => changeState(place(), change, session),
    },
  }
  return { session, close: async () => (await opened)?.close(), exchanges: () => record?.steps() ?? [] }
}

/** What the state remembers of the keychain's proof. A state that cannot be written is no reason not to use the keychain. */
export function keychainProof(session: () => Pick<Session, 'state' | 'clock' | 'log'>): Proof {
  const remember = async (provenAt: string | undefined) => {
    const { state, log } = session()
    try {
      await state.change((before) => withProof(before, provenAt))
    } catch (error) {
      if (!isSesameError(error)) throw error
      log('sesame:store', `the keychain's proof is not remembered: ${error.message}`)
    }
  }
  return {
    isKept: () => session().state.read().stores.keychain?.provenAt !== undefined,
    keep: () => remember(session().clock.now().toISOString()),
    forget: () => remember(undefined),
  }
}

/** The first proof stays. */
function withProof(state: State, provenAt: string | undefined): State {
  const { keychain } = state.stores
  if (provenAt !== undefined && keychain?.provenAt !== undefined) return state
  const { provenAt: _, ...rest } = keychain ?? {}
  return {
    ...state,
    stores: { ...state.stores, keychain: provenAt === undefined ? rest : { ...rest, provenAt } },
  }
}

/** Containers run under user ids that have no name. */
function osUserName(): string | undefined {
  try {
    return process.getBuiltinModule('node:os').userInfo().username
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
