/** A profile that signs in at an Alibaba Cloud CloudSSO portal. */
export interface CloudSsoProfile {
  kind: 'cloudsso'
  /** Its own sign-in URL; without one the default of the configuration holds. */
  signInUrl?: string
  /** What was chosen at the first login and is reused; ids are strings, 19 digits do not fit a number. */
  accountId?: string
  accountName?: string
  accessConfigurationId?: string
  accessConfigurationName?: string
  /** Which store holds its secrets; set by the first login, never changed silently. */
  store?: StoreName
}

export type Profile = CloudSsoProfile

/** Stores that can hold a profile's secrets from one run to the next. */
export type StoreName = 'keychain' | 'encrypted-file' | 'plaintext'

/** What `--store` and `SESAME_STORE` accept. */
export const storeChoices = ['auto', 'keychain', 'encrypted-file', 'plaintext', 'memory'] as const
export type StoreChoice = (typeof storeChoices)[number]

/** The whole configuration: names and choices, never a secret. */
export interface Config {
  /** Default sign-in URL, for every profile without one of its own. */
  signInUrl?: string
  store?: StoreChoice
  /** Profile of the last successful login, or of `profile use`. */
  currentProfile?: string
  profiles: ReadonlyMap<string, Profile>
}

export const emptyConfig: Config = { profiles: new Map() }

/** The sign-in URL that holds for a profile, or undefined when none is configured anywhere. */
export function signInUrlOf(config: Config, profile: Profile | undefined): string | undefined {
  return profile?.signInUrl ?? config.signInUrl
}

/** A copy of the configuration in which one profile is set. */
export function withProfile(config: Config, name: string, profile: Profile): Config {
  return { ...config, profiles: new Map(config.profiles).set(name, profile) }
}

/** A copy without the profile; it is no longer the current one either. */
export function withoutProfile(config: Config, name: string): Config {
  const { currentProfile, ...rest } = config
  const profiles = new Map(config.profiles)
  profiles.delete(name)
  return currentProfile === undefined || currentProfile === name
    ? { ...rest, profiles }
    : { ...config, profiles }
}
