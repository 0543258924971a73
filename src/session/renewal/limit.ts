import { readFileSync } from 'node:fs'
import { type Clock, errorCode, SesameError, t } from '../../kit/index.ts'
import type { SessionContext } from '../session-context.ts'

/** How late a timer may be before it counts as a machine without a free core. */
const toleranceMs = 100
const stepMs = 250
/** Starvation moves the end, but not for ever. */
const longestExtensionMs = 60_000
/** What is left for the links after a rotation that outlasted the limit. */
const graceMs = 5_000

/**
 * The end of a program's patience. What counts is waiting: time in which this process (or the one it waits for) had work but
 * no core moves the end, so that a busy machine makes an answer later, not wrong. While something holds it open, it does not end.
 */
export class Limit {
  readonly #clock: Clock
  readonly #starvedShare: () => number
  #endMs: number
  #extendedMs = 0
  #holds = 0

  /** `endMs` is monotonic; Infinity is no limit. `starvedShare` says how much of the time just now is no waiting. */
  constructor(clock: Clock, endMs: number, starvedShare: () => number = () => 0) {
    this.#clock = clock
    this.#starvedShare = starvedShare
    this.#endMs = endMs
  }

  leftMs(): number {
    return Math.max(0, this.#endMs - this.#clock.monotonicMs())
  }

  get over(): boolean {
    return this.#holds === 0 && this.leftMs() <= 0
  }

  /** Time has passed in a wait: what of it was starvation moves the end. */
  passed(ms: number): void {
    const share = this.#starvedShare()
    if (share > 0) this.extend(ms * share)
  }

  /** Moves the end by time that was not spent waiting. */
  extend(ms: number): void {
    const more = Math.min(ms, longestExtensionMs - this.#extendedMs)
    if (more <= 0) return
    this.#extendedMs += more
    this.#endMs += more
  }

  /** Keeps the limit from ending until the returned function is called; then a little is left in any case. */
  hold(): () => void {
    this.#holds++
    return () => {
      this.#holds--
      this.#endMs = Math.max(this.#endMs, this.#clock.monotonicMs() + graceMs)
    }
  }

  /** Resolves when the limit is over; rejects when `stop` is aborted. */
  async end(stop: AbortSignal): Promise<void> {
    while (!this.over) {
      const fromMs = this.#clock.monotonicMs()
      // A held limit may have no time left on its clock.
      const waitMs = Math.max(1, Math.min(this.leftMs() || stepMs, stepMs))
      await this.#clock.sleep(waitMs, stop)
      const lateMs = this.#clock.monotonicMs() - fromMs - waitMs
      if (lateMs > toleranceMs) this.extend(lateMs)
      else this.passed(waitMs)
    }
  }
}

/**
 * Runs something under a signal that is aborted with ERR_TIMEOUT when the limit is over, or with the outer signal. An answer
 * that has arrived by then is still read: timers come first in Node's turn, what came in comes after them.
 */
export async function underLimit<T>(
  limit: Limit,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limit.leftMs() === Number.POSITIVE_INFINITY) return run(outer)
  const stop = new AbortController()
  const done = new AbortController()
  const forward = () => stop.abort(outer.reason)
  if (outer.aborted) forward()
  outer.addEventListener('abort', forward, { once: true })
  const expire = async () => {
    await limit.end(done.signal)
    await new Promise((resolve) => setImmediate(resolve))
    stop.abort(new SesameError('ERR_TIMEOUT', t('The server did not answer in time.')))
  }
  const expired = Promise.allSettled([expire()])
  try {
    return await run(stop.signal)
  } finally {
    outer.removeEventListener('abort', forward)
    done.abort()
    await expired
  }
}

/** A program is answered within ten seconds of its start; the rest is for saying so and ending. */
export const patienceMs = 9_450

/** Runs something under a program's limit, which all its links, locks and requests share; unhurried, under none. */
export async function patiently<T>(
  unhurried: boolean,
  context: SessionContext,
  run: (patient: SessionContext) => Promise<T>,
): Promise<T> {
  const { clock, sharing, signal } = context
  if (unhurried) return run(context)
  const limit = new Limit(
    clock,
    (sharing?.patienceFromMs ?? clock.monotonicMs()) + patienceMs,
    sharing?.starvedShare,
  )
  return underLimit(limit, signal, (limited) =>
    run({ ...context, limit, interruption: signal, signal: limited }),
  )
}

/** So many processes for each core may want it before waiting stops counting in full. */
const ordinary = 8

/**
 * The share of the passing time in which no process can be expected to answer, as far more processes want a core than there are:
 * 0 on a machine that is merely busy, near 1 while hundreds start at once. Known by proc(5) `loadavg` only.
 */
export function starvedShare(): number {
  let text: string
  try {
    text = readFileSync('/proc/loadavg', 'latin1')
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return 0
  }
  return shareOf(text, process.getBuiltinModule('node:os').cpus().length)
}

/** The same for a text of /proc/loadavg and a number of cores. */
export function shareOf(text: string, cores: number): number {
  const runnable = Number(/ (\d+)\/\d+ /.exec(text)?.[1] ?? 0)
  return runnable <= ordinary * cores || cores < 1 ? 0 : 1 - (ordinary * cores) / runnable
}
