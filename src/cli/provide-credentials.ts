import { isSesameError } from '../errors.ts'
import type { ProvidedCredentials } from '../output/index.ts'
import { getCredentials, remainingLifeMs, type SessionContext } from '../session/index.ts'

/** Clients of a credentials URI ask on every call in the last quarter of an hour: renew before that. */
const serverMarginSeconds = 20 * 60

/** What a credentials server asks for each renewal. */
export function credentialsProvider(
  profile: string,
  session: SessionContext,
): () => Promise<ProvidedCredentials> {
  // A server asks again and again, and may share its terminal with a child: each thing is said once.
  const told = new Set<string>()
  const warn = (line: string) => {
    if (!told.has(line)) session.warn(line)
    told.add(line)
  }
  return async () => {
    try {
      const context = { ...session, warn }
      const stored = await getCredentials(profile, { marginSeconds: serverMarginSeconds }, context)
      const { obtainedAt, expiresAt } = stored.lifetime
      return {
        kind: 'credentials',
        credentials: stored.credentials,
        lifeMs: expiresAt.getTime() - obtainedAt.getTime(),
        remainingMs: () => remainingLifeMs(stored, session.clock),
      }
    } catch (error) {
      if (!isSesameError(error)) throw error
      if (error.code === 'ERR_LOGIN_REQUIRED') return { kind: 'login-required', hint: error.message }
      return { kind: 'unavailable', message: error.message }
    }
  }
}
