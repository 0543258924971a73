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
