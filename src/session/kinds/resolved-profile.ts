import type { Lifetime, Secret, StoreChoice } from '../../kit/index.ts'
import type {
  CloudSsoProfile,
  IdaasProfile,
  OidcProfile,
  Profile,
  RoleProfile,
} from '../../profiles/index.ts'
import { parseIdaasTokens, parseToken } from '../stored-items.ts'
import type { ClientItems, CloudSsoSignIn, ItemNames, OidcSignIn, SignInItems } from './item-names.ts'
import type { WantedToken } from './kind.ts'

interface Resolved<P extends Profile> {
  kind: P['kind']
  name: string
  profile: P
  /**
   * The store that was chosen, or that keeps its secrets. Undefined while it never kept anything: then there is nothing to
   * read, and the first login chooses (`auto`).
   */
  store: Exclude<StoreChoice, 'auto'> | undefined
  items: ItemNames
  /** The profile that a role is built upon. */
  source?: ResolvedProfile
  /** Account and access configuration of a CloudSSO profile, as far as they are chosen. */
  chosen?: ChosenAssignment
  /** True for a profile without a role: it signs in, and has tokens only. */
  tokensOnly?: boolean
  /** How a token is found in the item of its sign-in; absent for a profile that gives none, undefined for one it does not give. */
  keptToken?(wanted: WantedToken | undefined): KeptTokenReader | undefined
  /** All that a device authorization is asked for with, as one text; absent for a profile that has none. */
  deviceShape?(): string
}

export type ChosenAssignment = Pick<
  CloudSsoProfile,
  'accountId' | 'accountName' | 'accessConfigurationId' | 'accessConfigurationName'
>

export interface ResolvedCloudSso extends Resolved<CloudSsoProfile> {
  signIn: CloudSsoSignIn
  items: SignInItems
  chosen: ChosenAssignment
}

export interface ResolvedOidc extends Resolved<OidcProfile> {
  signIn: OidcSignIn
  items: ClientItems
}

export interface ResolvedIdaas extends Resolved<IdaasProfile> {
  items: ClientItems
}

export interface ResolvedRole extends Resolved<RoleProfile> {
  source: ResolvedProfile
}

/** A profile with everything that follows from the configuration around it. */
export type ResolvedProfile = ResolvedCloudSso | ResolvedOidc | ResolvedIdaas | ResolvedRole

/** The store that a login with this profile opens: `auto` while nothing is settled. */
export function storeChoiceOf({ store }: Pick<ResolvedProfile, 'store'>): StoreChoice {
  return store ?? 'auto'
}

/** The profile at which the sign-in happens: the end of a chain of roles. */
export function baseOf(resolved: ResolvedProfile): ResolvedProfile {
  return resolved.source === undefined ? resolved : baseOf(resolved.source)
}

/** The items of the store that a profile leads to. */
export function itemsOf({ items: { credentials, tokens, secret } }: ResolvedProfile): string[] {
  return [credentials, tokens, secret].filter((key) => key !== undefined)
}

/** Finds a token in the item that a sign-in has left in the store. */
export type KeptTokenReader = (item: string | undefined) => { token: Secret; lifetime: Lifetime } | undefined

/** Whether an ID token belongs to what the profile asks for (OpenID Connect Core section 3.1.2.1). */
export function asksForIdToken({ scope }: Pick<OidcSignIn, 'scope'>): boolean {
  return scope.split(' ').includes('openid')
}

/** Undefined for a token that the profile does not give. */
export function oidcTokenReader(
  signIn: Pick<OidcSignIn, 'scope'>,
  wanted: WantedToken | undefined,
): KeptTokenReader | undefined {
  if (wanted === 'id') return asksForIdToken(signIn) ? (item) => parseToken(item)?.idToken : undefined
  return (item) => {
    const tokens = parseToken(item)
    return tokens && { token: tokens.accessToken, lifetime: tokens.lifetime }
  }
}

/** IDaaS gives an ID token and no other. */
export function idaasTokenReader(wanted: WantedToken | undefined): KeptTokenReader | undefined {
  return wanted === 'access' ? undefined : (item) => parseIdaasTokens(item)?.idToken
}
