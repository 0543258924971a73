import { SesameError } from '../errors.ts'
import {
  type CloudSsoProfile,
  type Config,
  normalizeSignInUrl,
  type StoreChoice,
  signInUrlOf,
} from '../profile/index.ts'
import type { CloudSsoAssignment, CloudSsoSignIn } from './entry-key.ts'
import type { SessionContext } from './session-context.ts'

/** A profile with everything that follows from the configuration around it. */
export interface ResolvedProfile {
  name: string
  profile: CloudSsoProfile
  signIn: CloudSsoSignIn
  storeChoice: StoreChoice
}

/**
 * Finds a profile by name. One that does not exist yet is a CloudSSO profile in the making, as long as there is
 * a default sign-in URL; without any URL it is ERR_CONFIG.
 */
export function resolveProfile(
  name: string,
  config: Config,
  context: Pick<SessionContext, 'cloudSsoClientId' | 'storeOverride'>,
): ResolvedProfile {
  const profile = config.profiles.get(name) ?? { kind: 'cloudsso' }
  const signInUrl = signInUrlOf(config, profile)
  if (signInUrl === undefined) {
    throw new SesameError('ERR_CONFIG', `No sign-in URL is configured for profile ${name}.`, {
      hint: 'Run "sesame configure --signin-url https://…/login" with the URL from the CloudSSO console.',
    })
  }
  return {
    name,
    profile,
    signIn: { signInUrl: normalizeSignInUrl(signInUrl), clientId: context.cloudSsoClientId },
    storeChoice: chooseStore(config, profile, context.storeOverride),
  }
}

/** What is explicitly wanted, else where the profile's secrets already rest, else `auto`. */
export function chooseStore(
  config: Config,
  profile: CloudSsoProfile | undefined,
  override: StoreChoice | undefined,
): StoreChoice {
  const explicit = [override, config.store].find((choice) => choice !== undefined && choice !== 'auto')
  return explicit ?? profile?.store ?? 'auto'
}

/** Account and access configuration of a profile, once both are known. */
export function assignmentOf({
  profile,
  signIn,
}: Pick<ResolvedProfile, 'profile' | 'signIn'>): CloudSsoAssignment | undefined {
  const { accountId, accessConfigurationId } = profile
  if (accountId === undefined || accessConfigurationId === undefined) return undefined
  return { ...signIn, accountId, accessConfigurationId }
}
