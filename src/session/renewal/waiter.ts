import { thisHost } from '../../files/index.ts'
import type { SesameError } from '../../kit/index.ts'
import type { Limit } from './limit.ts'
import { type Attempter, hashOf, type Outcome } from './outcome.ts'

/** One who wants something that another process may be about to write. */
export interface Waiter {
  by: Attempter
  of: string
  /** When the process started, or the call was made: monotonic. */
  sinceMs: number
  /** The acquisitions of the lock that it waited for. */
  seen: Set<string>
  /** The outcome that was there when it last looked into the store; what is written later is news. */
  sign: string
  limit: Limit
}

/**
 * The failure that a waiter need not meet for itself: of an attempt at the same thing, by its kind, that was under way while
 * it waited. A person's login never takes over a program's failure, nor the other way round: each has other means. One that
 * only ran out of its own time says little to a waiter that has much left.
 */
export function sharedFailure(
  waiter: Waiter,
  outcome: Outcome | undefined,
  nowMs: number,
): SesameError | undefined {
  if (outcome?.failure === undefined || outcome.by !== waiter.by || outcome.of !== hashOf(waiter.of))
    return undefined
  const sameClock = outcome.host === thisHost() && outcome.endedMs <= nowMs
  const waited = waiter.seen.has(outcome.instance) || (sameClock && waiter.sinceMs <= outcome.endedMs)
  if (!waited) return undefined
  const tookMs = outcome.endedMs - outcome.startedMs
  if (outcome.failure.code === 'ERR_TIMEOUT' && waiter.limit.leftMs() > tookMs / 2) return undefined
  return outcome.failure
}
