import { signInUrlOf } from '../profile/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { credentialsKey } from './entry-key.ts'
import { assignmentOf, type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Removes the credentials of the account that a profile used until now, unless another profile uses it too: no name
 * would lead to them any more, and a logout could not find them. `key` names the credentials that it uses from now on.
 */
export async function forgetFormerChoice(
  resolved: ResolvedProfile,
  key: string,
  store: CredentialStore,
  context: Pick<SessionContext, 'readConfig' | 'cloudSsoClientId' | 'storeOverride'>,
): Promise<void> {
  const former = keyOf(resolved)
  if (former === undefined || former === key) return
  const config = context.readConfig()
  const used = [...config.profiles].some(
    ([name, profile]) =>
      name !== resolved.name &&
      signInUrlOf(config, profile) !== undefined &&
      keyOf(resolveProfile(name, config, context)) === former,
  )
  if (!used) await store.remove(former)
}

function keyOf(resolved: ResolvedProfile): string | undefined {
  const assignment = assignmentOf(resolved)
  return assignment === undefined ? undefined : credentialsKey(assignment)
}
