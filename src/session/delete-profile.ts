import { isSesameError } from '../kit/index.ts'
import { withoutProfile } from '../profiles/index.ts'
import { forgetUnreachable } from './change-config.ts'
import { logout } from './logout.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Deletes a profile. Its secrets go first, and what the roles built upon it kept: a profile that is gone could not name them any
 * more. A sign-in that others share stays.
 */
export async function deleteProfile(name: string, context: SessionContext): Promise<void> {
  try {
    await logout(name, { sparesOthers: true }, context)
    const config = context.readConfig()
    await forgetUnreachable(config, withoutProfile(config, name), context)
  } catch (error) {
    // What cannot be resolved (built on one that is gone, an address that is none) has no secrets: there is no name for them.
    if (!isSesameError(error, 'ERR_CONFIG', 'ERR_INSECURE_URL')) throw error
  }
  await context.updateConfig((config) => withoutProfile(config, name))
}
