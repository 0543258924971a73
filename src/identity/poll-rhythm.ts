import type { PollOutcome } from './device-flow-dialect.ts'

/** RFC 8628 section 3.5: `slow_down` adds five seconds to this and all later waits. */
const slowDownSeconds = 5
/** Servers that round to whole seconds see a poll at exactly the interval as too early. */
const intervalSlackMs = 100
const longestBackoffMs = 60_000
/** The last poll comes so long before the end of the code that its answer can still arrive. */
const lastPollLeadMs = 3_000
/** RFC 8628 section 3.2: the interval where a server names none. The last poll keeps this distance from the one before. */
const shortestDistanceMs = 5_000

type Undecided = Extract<PollOutcome, { kind: 'pending' | 'slow-down' | 'unavailable' }>

/** How long to wait before each poll of a device authorization (RFC 8628 section 3.5). */
export class PollRhythm {
  /** No poll comes sooner than this after the last answer; the first one may. */
  #earliestMs = 0
  #failures = 0
  #intervalMs: number
  readonly #distanceMs: number
  #waitMs: number

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
    this.#waitMs = intervalMs
    this.#distanceMs = Math.min(intervalMs, shortestDistanceMs)
  }

  /**
   * The wait before the next poll; undefined when none can come before the end. A wait that is longer than the code is valid
   * (an interval as long as that, one that `slow_down` made so) is cut short: an approval would never be seen.
   */
  pauseMs(leftMs: number): number | undefined {
    const pauseMs = this.#waitMs + intervalSlackMs
    const lastMs = leftMs - Math.min(lastPollLeadMs, leftMs / 2)
    if (lastMs > this.#earliestMs) return Math.min(pauseMs, lastMs)
    return pauseMs < leftMs ? pauseMs : undefined
  }

  /** Takes note of an answer that decides nothing; the next wait begins with it. */
  answered(outcome: Undecided): void {
    const { kind, retryAfterMs = 0 } = outcome
    this.#failures = kind === 'unavailable' ? this.#failures + 1 : 0
    if (kind === 'slow-down') this.#intervalMs += slowDownSeconds * 1000
    // On a connection timeout the client must poll less often; doubling is advised.
    const backoffMs = this.#intervalMs * 2 ** this.#failures
    const longestMs = Math.max(longestBackoffMs, this.#intervalMs)
    this.#waitMs = Math.max(Math.min(backoffMs, longestMs), retryAfterMs)
    this.#earliestMs = Math.max(this.#distanceMs + intervalSlackMs, retryAfterMs)
  }
}
