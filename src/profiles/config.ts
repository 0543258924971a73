import type { StoreChoice } from '../kit/index.ts'

/** What every profile may have. */
interface ProfileBase {
  /** Which store holds its secrets; set by the first login, never changed silently. */
  store?: StoreName
  /** Region id such as `cn-hangzhou`: where STS is asked, and OSS requests go by default. */
  region?: string
  /** Host or URL of the STS endpoint; stronger than the region. */
  stsEndpoint?: string
}

/** A role that STS hands out credentials of. */
export interface RoleSettings {
  /** `acs:ram::<account>:role/<name>` */
  roleArn?: string
  /** Else the name of whoever signed in. */
  roleSessionName?: string
  /** Life of the credentials, 900 to the role's maximum. */
  durationSeconds?: number
  /** JSON that narrows the role's permissions down. */
  policy?: string
}

/** A role that is assumed with an ID token. */
export interface OidcRoleSettings extends RoleSettings {
  /** `acs:ram::<account>:oidc-provider/<name>` */
  oidcProviderArn?: string
}

/** A profile that signs in at an Alibaba Cloud CloudSSO portal. */
export interface CloudSsoProfile extends ProfileBase {
  kind: 'cloudsso'
  /** Its own sign-in URL; without one the default of the configuration holds. */
  signInUrl?: string
  /** What was chosen at the first login and is reused; ids are strings, 19 digits do not fit a number. */
  accountId?: string
  accountName?: string
  accessConfigurationId?: string
  accessConfigurationName?: string
}

/** How a person signs in at an OIDC provider: `auto` takes the browser of this machine where there is one. */
export const signInFlows = ['auto', 'code', 'device'] as const
export type SignInFlow = (typeof signInFlows)[number]

/** A profile that signs in at an OIDC provider; without a role it has tokens, not credentials. */
export interface OidcProfile extends ProfileBase, OidcRoleSettings {
  kind: 'oidc'
  issuer: string
  clientId: string
  scope?: string
  /** API that the access token is for, where the provider asks for it (Auth0). */
  audience?: string
  /** Hosts beside the issuer's own where its endpoints may be, with spaces between them. */
  trustedHosts?: string
  flow?: SignInFlow
  /** Port of the loopback redirect, for providers that want it registered; any free one without. */
  redirectPort?: number
  /** False for providers that reject PKCE in the device grant. */
  devicePkce?: boolean
  /** True when the client has a secret, which rests in the store. */
  confidential?: boolean
}

/** A profile that fetches an application's ID token from Alibaba IDaaS; no person is involved. */
export interface IdaasProfile extends ProfileBase, OidcRoleSettings {
  kind: 'idaas'
  idaasUrl: string
  applicationUuid: string
  appKey: string
  apiVersion?: string
  /** The application's public key, as exported from its page. */
  publicKey?: string
}

/** A profile that assumes a role with the credentials of another profile. */
export interface RoleProfile extends ProfileBase, RoleSettings {
  kind: 'role'
  sourceProfile: string
  roleArn: string
  externalId?: string
}

export type Profile = CloudSsoProfile | OidcProfile | IdaasProfile | RoleProfile

/** Stores that can hold a profile's secrets from one run to the next. */
export type StoreName = 'keychain' | 'encrypted-file' | 'plaintext'

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
  return profile.kind === 'cloudsso' ? (profile.signInUrl ?? config.signInUrl) : undefined
}

/** Where a profile's sign-in happens; for a role where that of its base does. Undefined when that is not configured. */
export function providerUrlOf(config: Config, profile: Profile | undefined): string | undefined {
  const seen = new Set<string>()
  for (let each = profile; ; ) {
    switch (each?.kind) {
      case 'oidc':
        return each.issuer
      case 'idaas':
        return each.idaasUrl
      case 'role':
        if (seen.has(each.sourceProfile) || !config.profiles.has(each.sourceProfile)) return undefined
        seen.add(each.sourceProfile)
        each = config.profiles.get(each.sourceProfile)
        break
      default:
        return signInUrlOf(config, each)
    }
  }
}

/** A copy without account and access configuration. */
export function withoutAssignment(profile: CloudSsoProfile): CloudSsoProfile {
  const { accountId, accountName, accessConfigurationId, accessConfigurationName, ...bare } = profile
  return bare
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
