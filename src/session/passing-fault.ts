import { type ErrorCode, SesameError } from '../kit/index.ts'

const passing: ReadonlySet<ErrorCode> = new Set([
  'ERR_NETWORK',
  'ERR_TIMEOUT',
  // A process that was stopped is as passing.
  'ERR_LOCK_TIMEOUT',
  'ERR_TLS',
  'ERR_PROXY',
  'ERR_SERVER',
  'ERR_RESPONSE_INVALID',
])

/** A fault of the network, the server or another process that may be over with the next try; what is there goes on until then. */
export function isPassingFault(error: unknown): error is SesameError {
  return error instanceof SesameError && passing.has(error.code)
}
