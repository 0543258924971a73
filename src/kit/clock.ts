import { bootId, uptimeSeconds } from './process-identity.ts'

/** A boot of a machine. */
export interface Boot {
  /** When it was, by the wall clock: it moves exactly when the clock is set. */
  at: Date
  /** Which one: instants of two boots say nothing about each other. Undefined in what 0.2.0 and earlier have stored. */
  id: string | undefined
}

/** The time, as an argument. Instants come from `now`, waits from the monotonic clock. */
export interface Clock {
  /** The local wall clock, uncorrected. */
  now(): Date
  /** Milliseconds that only ever grow, whatever is done to the wall clock. */
  monotonicMs(): number
  /** The boot of this machine that is running now. */
  bootedAt(): Boot
  /** Waits; rejects with `signal.reason` as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A timer longer than this fires at once in Node (32-bit overflow). */
export const longestTimerMs: number = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => new Date(),
  // Not `performance.now()`: that global is loaded when first used, and costs the cached path a millisecond.
  monotonicMs: () => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1000 + nanoseconds / 1e6
  },
  bootedAt: () => ({
    at: new Date(Date.now() - uptimeSeconds() * 1000),
    id: bootId(),
  }),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
        Math.min(Math.max(ms, 0), longestTimerMs),
      )
      signal?.addEventListener('abort', abort, { once: true })
    }),
}
