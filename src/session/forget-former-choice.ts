import { signInUrlOf } from '../profile/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { credentialsKey } from './entry-key.ts'
import { assignmentOf, type ResolvedProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Removes the credentials of the account that a profile used until now, unless another profile uses it too: no name
 * would lead to them any more, and a logout could not find them. `key` names the credentials that it uses from now on.
 */
export async function forgetFormerChoice(
  resolved: ResolvedProfile,
  key: string,
  store: CredentialStore,
  context: Pick<SessionContext, 'readConfig'>,
): Promise<void> {
  const former = keyOf(resolved)
  if (former === undefined || former === key) return
  const config = context.readConfig()
  const used = [...config.profiles].some(([name, profile]) => {
    const signInUrl = signInUrlOf(config, profile)
    if (name === resolved.name || signInUrl === undefined) return false
    // Taken as it is written: another profile's bad URL is not this one's problem.
    return keyOf({ profile, signIn: { ...resolved.signIn, signInUrl } }) === former
  })
  if (!used) await store.remove(former)
}

function keyOf(resolved: Pick<ResolvedProfile, 'profile' | 'signIn'>): string | undefined {
  const assignment = assignmentOf(resolved)
  return assignment === undefined ? undefined : credentialsKey(assignment)
}
