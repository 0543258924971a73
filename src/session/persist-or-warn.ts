import { isSesameError, t } from '../kit/index.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Writes something that was already obtained. If the store or the disk refuses, the run goes on with what it has
 * and warns with `failure` and the reason: a sign-in is not thrown away because it cannot be
 * stored. Returns whether it was stored.
 */
export async function persistOrWarn(
  write: () => Promise<unknown>,
  failure: string,
  { warn }: Pick<SessionContext, 'warn'>,
): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    warn(t('{what}: {message}', { what: failure, message: error.message }))
    return false
  }
}
