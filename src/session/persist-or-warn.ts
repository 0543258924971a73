import { isSesameError } from '../kit/index.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Writes something that was already obtained. If the store or the disk refuses, the run goes on with what it has
 * and says so: a sign-in is not thrown away because it cannot be kept. Returns whether it was kept.
 */
export async function persistOrWarn(
  write: () => Promise<unknown>,
  what: string,
  { warn }: Pick<SessionContext, 'warn'>,
): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    warn(`${what} could not be kept: ${error.message}`)
    return false
  }
}
