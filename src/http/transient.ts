import { errorCode, SesameError } from '../kit/index.ts'

/** Codes below which a later attempt can go better: the network, not the request, was at fault. */
const passingFaults = new Set([
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
 * Is it worth sending the same request again later? True for network failures, timeouts, answers that broke off,
 * and a proxy that is away or cannot reach the host (502-504); false for everything that would fail alike.
 * An HTTP status of the server itself is an answer, not a failure: judge it by `JsonAnswer.status`.
 */
export function isTransient(error: unknown): error is SesameError {
  if (!(error instanceof SesameError)) return false
  if (error.code === 'ERR_NETWORK' || error.code === 'ERR_TIMEOUT') return true
  if (error.code !== 'ERR_PROXY' && error.code !== 'ERR_RESPONSE_INVALID') return false
  if (error.code === 'ERR_PROXY' && (error.status ?? 0) >= 500) return true
  return passingFaults.has(errorCode(error.cause) ?? '')
}
