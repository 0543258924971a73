import { tokenKey } from './entry-key.ts'
import type { WantedAssignment } from './read-cached.ts'
import { credentialsKeyOf, type ResolvedProfile } from './resolve-profile.ts'

/**
 * Names what an attempt at a profile's credentials is made at: the item, and the store that has what it takes. Processes of
 * another store, or after a change of the profile, do not share its failures.
 */
export function attemptAt(resolved: ResolvedProfile): string {
  const item =
    credentialsKeyOf(resolved) ?? (resolved.kind === 'role' ? resolved.name : tokenKey(resolved.signIn))
  return `${resolved.storeChoice} ${item}`
}

/** The same for a login, which may insist on an account, or on a new sign-in. */
export function loginAt(
  resolved: ResolvedProfile,
  { wanted, force }: { wanted: WantedAssignment; force: boolean },
): string {
  return JSON.stringify([attemptAt(resolved), wanted.account, wanted.accessConfiguration, force])
}
