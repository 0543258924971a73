import { isSesameError, type StoreChoice } from '../kit/index.ts'
import { normalizeRegion, normalizeSignInUrl } from '../values/index.ts'
import { members } from './members.ts'
import type { AnySettings, CloudSsoProfile, LoginSettings, Profile } from './profile.ts'
import type { Kind, SettingsTable } from './setting.ts'
import { settings } from './settings.ts'
import type { ChosenRole, WrittenRole } from './state.ts'

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

/** The CloudSSO sign-in URL that holds for a profile; undefined when none is configured, or it signs in elsewhere. */
export function signInUrlOf(config: Config, profile: Profile | undefined): string | undefined {
  if (profile === undefined) return config.signInUrl
  const { signInUrl }: AnySettings = profile
  return hasSetting(profile.kind, 'signInUrl') ? (signInUrl ?? config.signInUrl) : undefined
}

/** Whether a profile signs in at this CloudSSO sign-in URL, which is in normal form. */
export function signsInAt(config: Config, profile: Profile, signInUrl: string): boolean {
  return isSignInUrl(signInUrl, signInUrlOf(config, profile))
}

/** Whether a configured URL means this one; a person may have written it in another spelling, or wrong. */
export function isSignInUrl(normalized: string, configured: string | undefined): boolean {
  if (configured === undefined) return false
  try {
    return configured === normalized || normalizeSignInUrl(configured) === normalized
  } catch (error) {
    if (!isSesameError(error, 'ERR_INSECURE_URL')) throw error
    return false
  }
}

/** Where a profile's sign-in happens; for a role where that of its base does. Undefined when that is not configured. */
export function providerUrlOf(config: Config, profile: Profile | undefined): string | undefined {
  const seen = new Set<string>()
  for (let each = profile; ; ) {
    const { issuer, idaasUrl, sourceProfile }: AnySettings = each ?? {}
    if (sourceProfile === undefined) return issuer ?? idaasUrl ?? signInUrlOf(config, each)
    if (seen.has(sourceProfile) || !config.profiles.has(sourceProfile)) return undefined
    seen.add(sourceProfile)
    each = config.profiles.get(sourceProfile)
  }
}

/** The region of a profile in its normal form: a person may have edited the file. @throws SesameError ERR_CONFIG */
export function regionOf(profile: Profile | undefined): string | undefined {
  return profile?.region ? normalizeRegion(profile.region) : undefined
}

/** A copy without account and access configuration. */
export function withoutAssignment(profile: CloudSsoProfile): CloudSsoProfile {
  const { accountId, accountName, accessConfigurationId, accessConfigurationName, ...rest } = profile
  return rest
}

/** A copy without the settings that are forgotten when one of `changed` changes. */
export function withoutForgotten<P extends object>(
  profile: P,
  changed: readonly string[],
  table: SettingsTable = settings,
): P {
  const stays = ([key]: [string, unknown]) =>
    !table[key]?.forgottenWith?.some((each) => changed.includes(each))
  // Only rows of optional settings say with what they are forgotten.
  return Object.fromEntries(Object.entries(profile).filter(stays)) as P
}

/** A profile as one sign-in takes it, with what was said for that one alone; an empty text takes a setting away. */
export function withLoginSettings<P extends object>(profile: P, given: LoginSettings): P {
  const said = Object.entries(given).filter(([, value]) => value !== undefined)
  const stays = withoutForgotten(
    profile,
    said.map(([key]) => key),
  )
  const merged = Object.entries({ ...stays, ...Object.fromEntries(said) })
  // Settings of a sign-in are optional, and each was checked.
  return Object.fromEntries(merged.filter(([, value]) => value !== '')) as P
}

/** True when profiles of a kind have a setting. */
export function hasSetting(kind: Kind, key: keyof AnySettings): boolean {
  return members[kind].split(/[ :!]+/).includes(key)
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

const roleMembers = ['accountId', 'accountName', 'accessConfigurationId', 'accessConfigurationName'] as const

/** Whether the role of a profile can be chosen at a login. */
export function hasRole(profile: Profile): profile is CloudSsoProfile {
  return hasSetting(profile.kind, 'accountId')
}

export function roleOf(profile: Profile | undefined): ChosenRole {
  if (profile === undefined || !hasRole(profile)) return {}
  return Object.fromEntries(
    roleMembers.flatMap((key) => (profile[key] === undefined ? [] : [[key, profile[key]]])),
  )
}

export function withRole(profile: CloudSsoProfile, role: ChosenRole): CloudSsoProfile {
  const rest = Object.entries(profile).filter(([key]) => !roleMembers.some((each) => each === key))
  return { kind: profile.kind, ...Object.fromEntries(rest), ...role }
}

/** What is written of the role of a profile without a choice of this machine. */
export function writtenRole(profile: CloudSsoProfile, config: Config): WrittenRole {
  const { accountId, accessConfigurationId } = profile
  return { signInUrl: signInUrlOf(config, profile), accountId, accessConfigurationId }
}

export function same(a: object, b: object): boolean {
  const text = (each: object) =>
    JSON.stringify(
      Object.entries(each)
        .filter(([, value]) => value !== undefined)
        .sort(),
    )
  return text(a) === text(b)
}
