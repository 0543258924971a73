import { setMaxListeners } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withFileLock } from '../../../src/files/locks/file-lock.ts'
import { lockPath } from '../../../src/files/locks/lock-file.ts'
import { SesameError } from '../../../src/kit/errors.ts'
import { emptyState } from '../../../src/profiles/index.ts'
import { patiently } from '../../../src/session/renewal/limit.ts'
import type { Attempter } from '../../../src/session/renewal/outcome.ts'
import { type Renewal, renewTogether, type Shield } from '../../../src/session/renewal/renew-together.ts'
import type { SessionContext } from '../../../src/session/session-context.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'

/** What the memory store of these tests holds: the number of the exchange that gave it. */
interface Kept {
  number: number
  fresh: boolean
}

export type Answer = (signal: AbortSignal) => Promise<void>

interface ProcessOptions {
  by?: Attempter
  of?: string
  unhurried?: boolean
  /** How much of its patience it has used up, in ms. */
  spentMs?: number
  /** The request must not be given up. */
  onTheWire?: boolean
}

/** Processes that share a directory and a store, and a server that answers as the test says. */
export interface CrowdWorld {
  clock: VirtualClock
  directory: string
  store: { kept: Kept | undefined; reads: number }
  /** What the server does at each exchange, in turn; the last goes on. */
  answers: Answer[]
  readonly exchanges: number
  /** How often the lock was taken. */
  readonly taken: number
  said: string[]
  held: number
  interruption: AbortController
  /** One process that wants what is kept. */
  start(options?: ProcessOptions): Promise<Kept>
  files(name: 'locks' | 'outcomes'): string[]
  lock: string
  remove(): void
}

export function crowdWorld(): CrowdWorld {
  const clock = virtualClock()
  const directory = mkdtempSync(join(tmpdir(), 'sesame-crowd-'))
  const store: CrowdWorld['store'] = { kept: { number: 0, fresh: false }, reads: 0 }
  const said: string[] = []
  const interruption = new AbortController()
  // Each process has a signal of its own; here they share one.
  setMaxListeners(0, interruption.signal)
  let exchanges = 0
  let taken = 0

  const world: CrowdWorld = {
    clock,
    directory,
    store,
    said,
    interruption,
    held: 0,
    answers: [],
    lock: lockPath(directory, 'profile:dev'),
    get exchanges() {
      return exchanges
    },
    get taken() {
      return taken
    },
    start(options = {}) {
      const context = contextOf(options)
      return patiently(options.unhurried === true, context, (patient) =>
        renewTogether(renewalOf(options, patient), patient),
      )
    },
    files: (name) => {
      try {
        return readdirSync(join(directory, name))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
        throw error
      }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }

  function renewalOf({ by = 'program', of = 'item', onTheWire }: ProcessOptions, context: SessionContext) {
    const renewal: Renewal<Kept | undefined, Kept> = {
      lock: 'profile:dev',
      by,
      of,
      read: async () => {
        store.reads++
        return store.kept
      },
      isGood: (kept): kept is Kept => kept?.fresh === true,
      renew: async (_kept, shield: Shield) => {
        const number = ++exchanges
        const answer = world.answers[number - 1] ?? world.answers.at(-1)
        if (onTheWire) shield.onTheWire()
        await answer?.(onTheWire ? shield.signal : context.signal)
        return { number, fresh: true }
      },
      write: async (kept) => {
        store.kept = kept
      },
    }
    return renewal
  }

  function contextOf({ spentMs = 0 }: ProcessOptions): SessionContext {
    const nowMs = clock.monotonicMs()
    const log = (_namespace: string, line: string) => {
      if (line.startsWith('took /')) taken++
    }
    return {
      clock,
      log,
      warn: (line) => void said.push(line),
      signal: interruption.signal,
      sharing: {
        startedMs: nowMs,
        patienceFromMs: nowMs - spentMs,
        lockPath: (name) => lockPath(directory, name),
        claimed: () => undefined,
        onUnavailable: (error) => void said.push(error.message),
        scrub: async () => (text) => text.replaceAll('hunter2', '[redacted]'),
        holdSignals: () => {
          world.held++
          return () => {
            world.held--
          }
        },
      },
      withLock: (name, run) => withFileLock(lockPath(directory, name), { clock, log }, run),
      fetch: () => Promise.reject(new Error('no request is expected')),
      random: () => 0,
      cloudSsoClientId: 'client',
      osUserName: () => undefined,
      storeOverride: () => undefined,
      openStore: () => Promise.reject(new Error('no store is expected')),
      readConfig: () => ({ profiles: new Map() }),
      updateConfig: async () => ({ profiles: new Map() }),
      state: { read: () => emptyState, change: async (change) => change(emptyState) },
    }
  }

  return world
}

/** A server that answers so much later. */
export function answering(clock: VirtualClock, ms: number): Answer {
  return (signal) => clock.sleep(ms, signal)
}

/** A server that refuses so much later. */
export function refusing(clock: VirtualClock, ms: number, code: SesameError['code'] = 'ERR_SERVER'): Answer {
  return async (signal) => {
    await clock.sleep(ms, signal)
    throw new SesameError(code, 'The portal failed; its password is hunter2.', {
      hint: 'Try again in a while.',
      serverCode: 'InternalError',
      requestId: '4C467B38-3910',
      status: 503,
    })
  }
}
