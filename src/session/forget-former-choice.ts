import type { CredentialStore } from '../store/index.ts'
import { forgetDependents } from './forget-dependents.ts'
import { otherProfiles } from './other-profiles.ts'
import { credentialsKeyOf, type ResolvedProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Removes the credentials of the account that a profile used until now, unless another profile uses it too: no name
 * would lead to them any more, and a logout could not find them; so with the roles built upon it. `key`
 * names the credentials that it uses from now on.
 */
export async function forgetFormerChoice(
  resolved: ResolvedProfile,
  key: string | undefined,
  store: CredentialStore,
  context: Pick<SessionContext, 'readConfig' | 'openStore' | 'cloudSsoClientId' | 'storeOverride'>,
): Promise<void> {
  const former = credentialsKeyOf(resolved)
  if (former === undefined || former === key) return
  await forgetDependents(resolved.name, context)
  const others = otherProfiles(resolved.name, context.readConfig(), context)
  if (!others.some((other) => credentialsKeyOf(other) === former)) await store.remove(former)
}
