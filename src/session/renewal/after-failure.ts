import { type ErrorCode, isSesameError, SesameError } from '../../kit/index.ts'

/**
 * Uses something that was kept. If the server no longer accepts it (ERR_UNAUTHORIZED) it is replaced and used once more: what
 * looks fresh may have been revoked.
 */
export async function replacingOnce<T, R>(
  kept: T,
  use: (kept: T) => Promise<R>,
  replace: (refused: T, error: SesameError) => Promise<T>,
): Promise<R> {
  try {
    return await use(kept)
  } catch (error) {
    if (!isSesameError(error, 'ERR_UNAUTHORIZED')) throw error
    return use(await replace(kept, error))
  }
}

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

/** Answers of a server that is there, or of what answers in its place, which the same request would get again. */
const refusals: ReadonlySet<ErrorCode> = new Set(['ERR_REFUSED', 'ERR_UNAUTHORIZED', 'ERR_FORBIDDEN'])

/** A renewal was answered with no, in whichever words; a server that is down says nothing. */
export function isRefusal(error: unknown): error is SesameError {
  if (!(error instanceof SesameError)) return false
  return refusals.has(error.code) || (error.code === 'ERR_RESPONSE_INVALID' && error.status !== undefined)
}

/** A renewal failed at the server or on the way there, so that a new sign-in may do better. */
export function isAboutRenewal(error: unknown): error is SesameError {
  if (isSesameError(error, 'ERR_LOCK_TIMEOUT')) return false
  return isRefusal(error) || isPassingFault(error) || isSesameError(error, 'ERR_TOKEN_INVALID')
}
