import type { Held } from '../../files/index.ts'
import { type SesameError, thisHost } from '../../kit/index.ts'
import { awaitTurn, signOf, type WaitContext } from './await-turn.ts'
import { Limit } from './limit.ts'
import { type Attempter, hashOf, type Outcome, outcomePath, readOutcome } from './outcome.ts'

/** What a process wants to have, and how it finds out whether it is there. */
export interface Wanted<Kept, Good extends Kept> {
  /** Name of the lock under which it is renewed. */
  lock: string
  /** Whose attempt it would be. */
  by: Attempter
  /** Names store and item: only attempts at the same thing share a failure. */
  of: string
  /** What is kept, from the store; called again when there is news. */
  read(): Promise<Kept>
  isGood(kept: Kept): kept is Good
}

/** What waiting for other processes needs of the machine. */
export interface Sharing {
  /** When this process started, or the call was made; monotonic, in ms. */
  startedMs: number
  /** From when a program's patience is counted; monotonic, in ms. Later than the start of a process that was starved. */
  patienceFromMs: number
  /** How much of the time just now is starvation, from 0 to 1. */
  starvedShare?: (() => number) | undefined
  lockPath(name: string): string
  /** A lock that this process took before it knew all of the program; only once. */
  claimed(path: string): Held | undefined
  onUnavailable(error: SesameError): void
  /** Loads what takes secrets out of a text. */
  scrub(): Promise<(text: string) => string>
  /** Holds off the end of the process by a signal; the returned function lets it go on. */
  holdSignals?: (() => () => void) | undefined
}

export interface RenewalContext extends WaitContext {
  sharing: Pick<Sharing, 'startedMs' | 'claimed' | 'onUnavailable'>
  limit?: Limit | undefined
  /** The signal without the limit: a wait that is over has words of its own. */
  interruption?: AbortSignal | undefined
}

/**
 * What is kept, once it is good; or the lock, for the process that has to do the work.
 * @throws SesameError the failure of the attempt that was waited for; ERR_TIMEOUT for a holder that is still at work when the
 *   limit is over, ERR_LOCK_TIMEOUT for one that is stopped; the signal's reason
 */
export async function keptOrTurn<Kept, Good extends Kept>(
  path: string,
  wanted: Wanted<Kept, Good>,
  context: RenewalContext,
): Promise<{ kind: 'kept'; kept: Good } | { kind: 'turn'; held: Held | 'unavailable' }> {
  const { clock, sharing } = context
  const news = outcomePath(path)
  const wait: WaitContext = {
    clock,
    log: context.log,
    signal: context.interruption ?? context.signal,
    warn: (line) => context.warn(line),
    onUnavailable: sharing.onUnavailable,
  }
  const waiter: Waiter = {
    by: wanted.by,
    of: wanted.of,
    sinceMs: sharing.startedMs,
    seen: new Set(),
    news,
    sign: '',
    limit: context.limit ?? new Limit(clock, Number.POSITIVE_INFINITY),
  }
  for (;;) {
    // The sign before the store: what is written in between is news.
    waiter.sign = signOf(news)
    const kept = await wanted.read()
    if (wanted.isGood(kept)) return { kind: 'kept', kept }
    const claimed = sharing.claimed(path)
    if (claimed !== undefined) return { kind: 'turn', held: claimed }
    const failure =
      waiter.sign === '' ? undefined : sharedFailure(waiter, readOutcome(news), clock.monotonicMs())
    if (failure !== undefined) throw failure
    const turn = await awaitTurn(path, waiter, wait)
    if (turn.kind === 'turn') return turn
    if (turn.kind === 'news') continue
    const last = await wanted.read()
    if (wanted.isGood(last)) return { kind: 'kept', kept: last }
    throw turn.error
  }
}

/** One who wants something that another process may be about to write. */
export interface Waiter {
  by: Attempter
  of: string
  /** When the process started, or the call was made: monotonic. */
  sinceMs: number
  /** The acquisitions of the lock that it waited for. */
  seen: Set<string>
  /** Where outcomes of the lock lie. */
  news: string
  /** The outcome that was there when it last looked into the store; what is written later is news. */
  sign: string
  limit: Limit
}

/**
 * The failure that a waiter need not meet for itself: of an attempt at the same thing, by its kind, that was under way while
 * it waited. A person's login never takes over a program's failure, nor the other way round: each has other means. One that
 * only ran out of its own time says little to a waiter that has much left.
 */
function sharedFailure(waiter: Waiter, outcome: Outcome | undefined, nowMs: number): SesameError | undefined {
  if (outcome?.failure === undefined || outcome.by !== waiter.by || outcome.of !== hashOf(waiter.of))
    return undefined
  const sameClock = outcome.host === thisHost() && outcome.endedMs <= nowMs
  const waited = waiter.seen.has(outcome.instance) || (sameClock && waiter.sinceMs <= outcome.endedMs)
  if (!waited) return undefined
  const tookMs = outcome.endedMs - outcome.startedMs
  if (outcome.failure.code === 'ERR_TIMEOUT' && waiter.limit.leftMs() > tookMs / 2) return undefined
  return outcome.failure
}
