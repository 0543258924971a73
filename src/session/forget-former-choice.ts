import { isSesameError } from '../errors.ts'
import type { CredentialStore } from '../store/index.ts'
import { credentialsKeyOf, type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Removes the credentials of the account that a profile used until now, unless another profile uses it too: no name
 * would lead to them any more, and a logout could not find them. `key` names the credentials that it uses from now on.
 */
export async function forgetFormerChoice(
  resolved: ResolvedProfile,
  key: string | undefined,
  store: CredentialStore,
  context: Pick<SessionContext, 'readConfig' | 'cloudSsoClientId' | 'storeOverride'>,
): Promise<void> {
  const former = credentialsKeyOf(resolved)
  if (former === undefined || former === key) return
  const config = context.readConfig()
  const used = [...config.profiles.keys()].some((name) => {
    if (name === resolved.name) return false
    try {
      return credentialsKeyOf(resolveProfile(name, config, context)) === former
    } catch (error) {
      // Another profile's bad URL is not this one's problem.
      if (!isSesameError(error)) throw error
      return false
    }
  })
  if (!used) await store.remove(former)
}
