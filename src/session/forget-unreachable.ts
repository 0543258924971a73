import type { Config } from '../profiles/index.ts'
import { secretKey, tokenKey } from './entry-key.ts'
import { resolvableProfiles } from './other-profiles.ts'
import { credentialsKeyOf, type ResolvedProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Removes what profiles, and the roles built upon them, kept before the configuration changed, unless some profile still
 * leads to it: a logout could not find it any more, and a refresh token or a secret may live for long.
 */
export async function forgetUnreachable(
  before: Config,
  after: Config,
  context: Pick<SessionContext, 'openStore' | 'cloudSsoClientId' | 'storeOverride'>,
): Promise<void> {
  const reachable = new Set(resolvableProfiles(after, context).flatMap(keysOf))
  for (const each of resolvableProfiles(before, context)) {
    const lost = keysOf(each).filter((key) => !reachable.has(key))
    if (lost.length === 0 || each.storeChoice === 'auto') continue
    const store = await context.openStore(each.storeChoice, 'read')
    for (const key of lost) await store.remove(key)
  }
}

/** The items of the store that a profile leads to. */
function keysOf(resolved: ResolvedProfile): string[] {
  const credentials = credentialsKeyOf(resolved)
  return [
    ...(credentials === undefined ? [] : [credentials]),
    ...(resolved.kind === 'role' ? [] : [tokenKey(resolved.signIn)]),
    ...(resolved.kind === 'oidc' || resolved.kind === 'idaas' ? [secretKey(resolved.signIn)] : []),
  ]
}
