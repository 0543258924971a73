import type { Program } from '../compose/index.ts'
import { isSesameError } from '../kit/index.ts'
import { getCredentials, login, type StoredCredentials } from '../session/index.ts'

/**
 * A profile's credentials for a command of the user's: renewed silently where that can be done, else by a sign-in at the terminal,
 * where there is one. @throws SesameError ERR_LOGIN_REQUIRED without a terminal; what either throws
 */
export async function credentialsOrLogin(
  profile: string,
  { session, interactive, person }: Pick<Program, 'session' | 'interactive' | 'person'>,
): Promise<StoredCredentials> {
  try {
    // Nothing else is waited for meanwhile: servers may take as long as with a login.
    return await getCredentials(profile, { unhurried: true }, session)
  } catch (error) {
    if (!isSesameError(error, 'ERR_LOGIN_REQUIRED') || !interactive) throw error
    const who = await person({ browser: true, qr: false })
    const result = await login(profile, { wanted: {}, force: false }, session, who)
    if (result.kind === 'credentials') return result.stored
    throw error
  }
}
