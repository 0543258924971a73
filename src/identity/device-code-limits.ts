import { SesameError } from '../kit/index.ts'

/** RFC 8628 section 3.2: without an interval, five seconds. */
const defaultIntervalSeconds = 5
/** For servers that do not say how long a code lives; CloudSSO's live ten minutes. */
const defaultExpiresInSeconds = 600
const longestExpiresInSeconds = 3600

/**
 * Reads the two numbers of a device answer, in seconds. Decimal strings are accepted (some servers send
 * them); what is missing or senseless gets the default; a code without any life, or one that could not be
 * polled once while it lives, is refused (ERR_RESPONSE_INVALID).
 */
export function readDeviceCodeLimits(wire: { expiresIn: unknown; interval: unknown }): {
  expiresInSeconds: number
  intervalSeconds: number
} {
  const expiresIn = readNumber(wire.expiresIn)
  if (expiresIn !== undefined && expiresIn <= 0) {
    throw new SesameError('ERR_RESPONSE_INVALID', 'The server sent a sign-in code that has already expired.')
  }
  const expiresInSeconds = Math.min(expiresIn ?? defaultExpiresInSeconds, longestExpiresInSeconds)
  const interval = readNumber(wire.interval)
  const intervalSeconds = interval !== undefined && interval > 0 ? interval : defaultIntervalSeconds
  if (intervalSeconds > longestExpiresInSeconds) {
    throw new SesameError(
      'ERR_RESPONSE_INVALID',
      'The server asks to wait longer than its sign-in code can live.',
    )
  }
  return { expiresInSeconds, intervalSeconds }
}

function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
