import type { Clock } from '../kit/index.ts'
import { isRetryable } from './transient.ts'

export interface RetryOptions {
  clock: Clock
  signal?: AbortSignal | undefined
  /** All attempts and waits together end within this. */
  totalMs: number
  /** A number in [0, 1): spreads the waits of many clients that were throttled together. */
  random: () => number
}

const firstWaitMs = 400
const attempts = 4

/**
 * Repeats an idempotent request while it fails with a transient fault: network, timeout, 5xx, 429, throttling. Waits double
 * with full jitter, or follow `Retry-After`; the last error is thrown when attempts or time are over.
 */
export async function retryTransient<T>(
  { clock, signal, totalMs, random }: RetryOptions,
  run: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const deadlineMs = clock.monotonicMs() + totalMs
  for (let attempt = 1; ; attempt++) {
    try {
      // A sleep may end late: at least one millisecond, as timers take no negative time.
      return await run(Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs())))
    } catch (error) {
      signal?.throwIfAborted()
      if (attempt === attempts || !isRetryable(error)) throw error
      const waitMs = firstWaitMs * 2 ** (attempt - 1) * (0.5 + random() / 2)
      if (clock.monotonicMs() + waitMs >= deadlineMs) throw error
      await clock.sleep(waitMs, signal)
    }
  }
}
