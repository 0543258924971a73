import { isSesameError } from '../errors.ts'
import type { Config } from '../profile/index.ts'
import { type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/** All other profiles that can be resolved: another profile's bad URL is not this one's problem. */
export function otherProfiles(
  name: string,
  config: Config,
  context: Pick<SessionContext, 'cloudSsoClientId' | 'storeOverride'>,
): ResolvedProfile[] {
  return [...config.profiles.keys()].flatMap((other) => {
    if (other === name) return []
    try {
      return [resolveProfile(other, config, context)]
    } catch (error) {
      if (!isSesameError(error)) throw error
      return []
    }
  })
}
