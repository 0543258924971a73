import type { Clock } from './clock.ts'

/** A timer longer than this fires at once in Node (32-bit overflow). */
export const longestTimerMs: number = 2 ** 31 - 1

/** When something has to end. */
export interface Deadline {
  /** Counted from the call, in real time: limits of requests and files do not follow a clock that is handed in. */
  ms: number
  /** The caller's abort. */
  signal?: AbortSignal | undefined
  /** The reason of the abort when the time is over; called only then. */
  late: () => Error
}

/**
 * Runs something under a signal that is aborted with the reason of the caller's signal, or with `late()` when the time is over.
 * `run` has to end when its signal is aborted and to throw the signal's reason. Neither a timer nor a listener is left behind at
 * the caller's signal, which may exist as long as the process.
 *
 * Not made of `AbortSignal.timeout` and `AbortSignal.any`: the timer of the first does not keep a process from ending that waits
 * for nothing else, and Node 20 keeps every combined signal for as long as the longest-lived of its sources.
 */
export async function withDeadline<T>(
  { ms, signal, late }: Deadline,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { stop, unlink } = linkedTo(signal)
  const timer = setTimeout(() => stop.abort(late()), Math.min(ms, longestTimerMs))
  try {
    return await run(stop.signal)
  } finally {
    clearTimeout(timer)
    unlink()
  }
}

/** How long something is waited for. */
export interface Wait<T> {
  ms: number
  clock: Pick<Clock, 'sleep'>
  /** Ends the wait, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
  /** The result when the time is over; may throw instead, or wait for it in another way. */
  late: () => T | Promise<T>
}

/** The result, if it comes in time. What it comes from is not ended: it goes on, and what it gives later is ignored. */
export async function within<T>({ ms, clock, signal, late }: Wait<T>, result: Promise<T>): Promise<T> {
  const { stop, unlink } = linkedTo(signal)
  try {
    return await Promise.race([result, clock.sleep(ms, stop.signal).then(late)])
  } finally {
    unlink()
    stop.abort()
  }
}

/** A controller that is aborted with another signal, until `unlink` is called. */
export function linkedTo(signal: AbortSignal | undefined): { stop: AbortController; unlink(): void } {
  const stop = new AbortController()
  const forward = () => stop.abort(signal?.reason)
  // A signal that is aborted already fires no event any more.
  if (signal?.aborted) forward()
  signal?.addEventListener('abort', forward, { once: true })
  return { stop, unlink: () => signal?.removeEventListener('abort', forward) }
}
