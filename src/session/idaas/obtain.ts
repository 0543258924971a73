import type { Obtained } from '../obtained.ts'
import type { IdTokenRole } from '../oidc/obtain.ts'
import { replacingOnce } from '../renewal/replacing-once.ts'
import type { ResolvedIdaas } from '../resolve-profile.ts'
import { assumeWithIdToken } from '../role/assume.ts'
import type { SessionContext } from '../session-context.ts'
import { type ApplicationTokenOptions, applicationTokens } from './tokens.ts'

/** Credentials of the profile's role for the application's ID token; one that STS no longer accepts is replaced once. */
export async function obtainByApplication(
  resolved: ResolvedIdaas,
  role: IdTokenRole,
  options: Pick<ApplicationTokenOptions, 'force' | 'by'>,
  context: SessionContext,
): Promise<Obtained> {
  const { tokens, store } = await applicationTokens(resolved, options, context)
  const use = (from: typeof tokens) => assumeWithIdToken(resolved.profile, role, from.idToken, context)
  const replace = async (notThis: typeof tokens) =>
    (await applicationTokens(resolved, { by: options.by, notThis }, context)).tokens
  const credentials = options.force ? await use(tokens) : await replacingOnce(tokens, use, replace)
  return { credentials, store }
}
