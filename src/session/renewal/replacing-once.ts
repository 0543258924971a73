import { isSesameError, type SesameError } from '../../kit/index.ts'

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
