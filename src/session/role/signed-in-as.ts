import { tokenKey } from '../entry-key.ts'
import type { ResolvedProfile } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { parseIdaasTokens, parseToken } from '../stored-token.ts'

/** How whoever signed in at the base of a chain is called, where an ID token tells it. */
export async function signedInAs(
  resolved: ResolvedProfile,
  context: Pick<SessionContext, 'openStore'>,
): Promise<string | undefined> {
  if (resolved.kind === 'role') return signedInAs(resolved.source, context)
  if (resolved.kind === 'cloudsso' || resolved.storeChoice === 'auto') return undefined
  const store = await context.openStore(resolved.storeChoice, 'read')
  const entry = await store.read(tokenKey(resolved.signIn))
  const tokens = resolved.kind === 'oidc' ? parseToken(entry) : parseIdaasTokens(entry)
  return tokens?.idToken?.userName
}
