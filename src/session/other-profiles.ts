import { isSesameError } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import { type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

type Rules = Pick<SessionContext, 'cloudSsoClientId' | 'storeOverride'>

/** All profiles that can be resolved: one profile's bad URL is not another one's problem. */
export function resolvableProfiles(config: Config, context: Rules): ResolvedProfile[] {
  return [...config.profiles.keys()].flatMap((name) => {
    try {
      return [resolveProfile(name, config, context)]
    } catch (error) {
      if (!isSesameError(error)) throw error
      return []
    }
  })
}

/** All of them but one. */
export function otherProfiles(name: string, config: Config, context: Rules): ResolvedProfile[] {
  return resolvableProfiles(config, context).filter((each) => each.name !== name)
}
