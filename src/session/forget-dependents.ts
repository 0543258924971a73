import { isBuiltUpon } from './base-of.ts'
import { otherProfiles } from './other-profiles.ts'
import { credentialsKeyOf } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Removes the credentials of the roles that are built upon a profile, as its configuration now is: when it gets other
 * credentials, or goes, no name leads to them any more. What another profile finds under the same name stays.
 */
export async function forgetDependents(
  name: string,
  context: Pick<SessionContext, 'readConfig' | 'openStore' | 'cloudSsoClientId' | 'storeOverride'>,
): Promise<void> {
  const others = otherProfiles(name, context.readConfig(), context)
  const dependents = others.filter((each) => isBuiltUpon(each, name))
  const used = new Set(others.filter((each) => !dependents.includes(each)).map(credentialsKeyOf))
  for (const each of dependents) {
    const key = credentialsKeyOf(each)
    if (key === undefined || used.has(key) || each.storeChoice === 'auto') continue
    await (await context.openStore(each.storeChoice, 'read')).remove(key)
  }
}
