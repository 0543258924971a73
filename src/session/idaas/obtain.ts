import { isSesameError } from '../../errors.ts'
import type { Obtained } from '../obtained.ts'
import type { IdTokenRole } from '../oidc/obtain.ts'
import type { ResolvedIdaas } from '../resolve-profile.ts'
import { assumeWithIdToken } from '../role/assume.ts'
import type { SessionContext } from '../session-context.ts'
import { applicationTokens } from './tokens.ts'

/** Credentials of the profile's role for the application's ID token; one that STS no longer accepts is replaced once. */
export async function obtainByApplication(
  resolved: ResolvedIdaas,
  role: IdTokenRole,
  { force }: { force: boolean },
  context: SessionContext,
): Promise<Obtained> {
  const { tokens, store } = await applicationTokens(resolved, { force }, context)
  const proceed = (from: typeof tokens) => assumeWithIdToken(resolved.profile, role, from.idToken, context)
  try {
    return { credentials: await proceed(tokens), store }
  } catch (error) {
    if (force || !isSesameError(error, 'ERR_UNAUTHORIZED')) throw error
    const replaced = await applicationTokens(resolved, { notThis: tokens }, context)
    return { credentials: await proceed(replaced.tokens), store }
  }
}
