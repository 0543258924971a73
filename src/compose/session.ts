import { userInfo } from 'node:os'
import { type Held, lockPath, waitingFor } from '../files/index.ts'
import type { SesameFetch } from '../http/index.ts'
import { errorCode, isSesameError, type RequestOptions } from '../kit/index.ts'
import {
  changeState,
  type SessionContext,
  type Sharing,
  starvedShare,
  updateConfig,
} from '../session/index.ts'
import { openFetch } from './environment-fetch.ts'
import type { HostContext, Reader } from './reader.ts'

/** How far a process had come before the session was composed. */
export interface Beginning {
  /** Monotonic, in ms; by default now. */
  startedMs?: number | undefined
  /** How much of a program's patience is used up, in ms. */
  spentMs?: number | undefined
  /** A lock that was taken already: given to the caller that needs the one at this path. */
  claimed?: ((path: string) => Held | undefined) | undefined
  holdSignals?: (() => () => void) | undefined
}

/** All that a use case needs. */
export interface Session extends SessionContext, Reader {}

/**
 * Builds the context of the use cases around a reader. `signal` ends waits and requests; it is called when it matters.
 * `close` ends the connections that requests have left open.
 */
export function composeSession(
  host: HostContext,
  reader: Reader,
  signal: () => AbortSignal,
  { startedMs, spentMs = 0, claimed, holdSignals }: Beginning = {},
): { session: Session; close(): Promise<void> } {
  const { clock, log, warn, directory } = reader
  let opened: Promise<SesameFetch> | undefined
  const fetch = () => {
    opened ??= openFetch(host.env, clock, log)
    return opened
  }

  let warned = false
  const warnOnce = (error: unknown) => {
    const reason = isSesameError(error)
      ? error.message
      : `${directory()} takes no files (${errorCode(error)}).`
    if (!warned) warn(`Going on without locks: ${reason}`)
    warned = true
  }

  async function lockByName<T>(name: string, run: () => Promise<T>, waitMs?: number): Promise<T> {
    const { withFileLock } = await import('../files/index.ts')
    const path = lockPath(directory(), name)
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
    lockPath: (name) => lockPath(directory(), name),
    claimed: (path) => claimed?.(path),
    onUnavailable: warnOnce,
    scrub: async () => (await import('../http/index.ts')).scrub,
    holdSignals,
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
    withLock: (name, run, options) => lockByName(name, run, options?.waitMs),
    updateConfig: (change) => updateConfig({ directory: directory(), warn }, change, session),
    state: {
      read: reader.readState,
      change: (change) => changeState(reader.place(), change, session),
    },
  }
  return { session, close: async () => (await opened)?.close() }
}

/** Containers run under user ids that have no name. */
function osUserName(): string | undefined {
  try {
    return userInfo().username
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
