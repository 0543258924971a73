import { type Clock, errorCode, SesameError } from '../kit/index.ts'

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

/** True for a status with which a server says that the same request may succeed later: 5xx and 429. */
export function isTransientStatus(status: number): boolean {
  return (status >= 500 && status <= 599) || status === 429
}

/** Codes after which a later attempt can go better: the network, not the request, was at fault. */
const transientCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
  'Z_BUF_ERROR',
])

/**
 * Is it worth sending the same request again later? True for network failures, timeouts, responses that broke off,
 * and a proxy that is away or cannot reach the host (502-504); false for everything that would fail alike.
 * A status of the server itself is a response, not a failure: `isTransientStatus` is for that.
 */
export function isTransient(error: unknown): error is SesameError {
  if (!(error instanceof SesameError)) return false
  if (error.code === 'ERR_NETWORK' || error.code === 'ERR_TIMEOUT') return true
  if (error.code !== 'ERR_PROXY' && error.code !== 'ERR_RESPONSE_INVALID') return false
  if (error.code === 'ERR_PROXY' && (error.status ?? 0) >= 500) return true
  return transientCodes.has(errorCode(error.cause) ?? '')
}

/** The same, and the errors into which callers turn a transient status or throttling. */
export function isRetryable(error: unknown): boolean {
  if (isTransient(error)) return true
  if (!(error instanceof SesameError)) return false
  return error.code === 'ERR_SERVER' || error.serverCode?.startsWith('Throttling') === true
}
