import type { Program } from '../compose/index.ts'
import type { ObtainedCredentials, Provide } from '../credentials-server/index.ts'
import { isSesameError, messageWithRequestId, type SesameError, t } from '../kit/index.ts'
import {
  getCredentials,
  login,
  remainingLifeMs,
  type SessionContext,
  type StoredCredentials,
} from '../session/index.ts'
import { longRunning } from './long-running.ts'

/** Clients of a credentials URI ask on every call in the last quarter of an hour: renew before that. */
const serverMarginSeconds = 20 * 60

/** What a credentials server asks for each renewal. The server answers in time; the renewal itself has all the time of a login. */
export function credentialsProvider(
  profile: string,
  session: SessionContext,
  onFailure: (error: SesameError) => Promise<void> = async () => {},
): Provide {
  const attempt = longRunning(session)
  let needsSignIn = false
  return async (meanwhile = () => {}) => {
    try {
      const options = {
        marginSeconds: serverMarginSeconds,
        unhurried: true,
        onStillValid: (stored: StoredCredentials) => meanwhile(obtained(stored, session)),
      }
      const stored = await getCredentials(profile, options, attempt())
      needsSignIn = false
      return obtained(stored, session)
    } catch (error) {
      if (!isSesameError(error)) throw error
      await onFailure(error)
      if (error.code !== 'ERR_LOGIN_REQUIRED')
        return { kind: 'unavailable', message: messageWithRequestId(error) }
      // Clients may keep the answer to themselves; the next sign-in may run out again.
      if (!needsSignIn)
        session.warn(t('No client gets credentials any more. {message}', { message: error.message }))
      needsSignIn = true
      return { kind: 'login-required', hint: error.message }
    }
  }
}

/** Stored credentials as a credentials server holds them. */
export function obtained(
  stored: StoredCredentials,
  { clock }: Pick<SessionContext, 'clock'>,
): ObtainedCredentials {
  const { obtainedAt, expiresAt } = stored.lifetime
  return {
    kind: 'credentials',
    credentials: stored.credentials,
    lifeMs: expiresAt.getTime() - obtainedAt.getTime(),
    remainingMs: () => remainingLifeMs(stored, clock),
  }
}

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
