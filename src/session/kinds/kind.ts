import type { ListedAccount } from '../../identity/index.ts'
import type { Lifetime, Secret } from '../../kit/index.ts'
import type { LoginSettings, Profile } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import type { Person } from '../../terminal/index.ts'
import type { WantedAssignment } from '../read-cached.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredCredentials } from '../stored-items.ts'
import type { ResolvedProfile } from './resolved-profile.ts'

/** A token, and how long it is valid. */
interface IssuedToken {
  token: Secret
  lifetime: Lifetime
}

/** What the use cases need of one profile, whatever kind it is of. */
export interface Kind {
  /** Whether a person signs in at the base; an application does so with its secret. */
  needsPerson: boolean
  /** What limits the life of its credentials. */
  lifeSetBy: 'The access configuration' | 'The role'
  /** What is still valid, else a sign-in by the person, else what the application's secret gives. */
  signIn(options: SignInOptions): Promise<SignedIn>
  /** New credentials without a person. @throws SesameError ERR_LOGIN_REQUIRED; ERR_CONFIG for a profile without a role */
  renew(fromSource: FromSource): Promise<Renewed>
  /** Whether there is anything to renew with, by what is in the store. */
  canRenew(): Promise<boolean>
  /** What would renew its credentials, or its tokens, without a person; undefined when only a sign-in would. */
  outlook(of: 'credentials' | 'tokens'): Promise<Outlook | undefined>
  /** A token for a program, renewed without a person. @throws SesameError ERR_LOGIN_REQUIRED, ERR_USAGE where there is none */
  getToken(wanted: WantedToken | undefined): Promise<IssuedToken>
  /** The tokens of an identity provider that are kept for it, fresh or not. */
  keptTokens(): Promise<KeptTokens | undefined>
  /** Which servers a renewal would talk to. @throws SesameError for an address that is none */
  servers(): Server[]
  /** Revokes the tokens of an item of the store; undefined where the item holds none. Only where the provider may be able to. */
  revoke?(item: string): Promise<'revoked' | 'not-supported' | undefined>
  /** Where the browser's session ends (RP-Initiated Logout); undefined where the provider cannot. */
  endSessionUrl?(): Promise<string | undefined>
  /** Signs in where it is necessary, and lists everything that the user may use; CloudSSO only. */
  listAssignments?(options: ListingOptions): Promise<Listing>
}

export interface ListingOptions {
  person: Person
  /** The command line that starts anew, for a sign-in that does not come to its end. */
  again: string
  onProgress?: ((done: number, all: number) => void) | undefined
}

/** All accounts with their access configurations, and the store that has the sign-in. */
export interface Listing {
  accounts: readonly ListedAccount[]
  store: CredentialStore
}

export interface SignInOptions extends LoginSettings {
  person: Person
  /** Account and access configuration that the caller insists on; CloudSSO only. */
  wanted: WantedAssignment
  /** Ask for both anew, whatever the profile remembers; CloudSSO only. */
  choose?: boolean | undefined
  /** Sign in again, whatever is in the store. */
  force: boolean
  /** Signs in to the profile that a role is built upon. */
  fromSource: FromSource
}

/** Gives the credentials of the profile that a role is built upon. */
export type FromSource = (name: string) => Promise<StoredCredentials>

/** What a login ends in: credentials, or tokens where the profile has no role. */
export type LoginResult =
  | { kind: 'credentials'; stored: StoredCredentials }
  | {
      kind: 'tokens'
      userName: string | undefined
      expiresAt: Date
      renewable: boolean
      /** Set where the provider gave no ID token although the scope asks for one. */
      lacksIdToken?: true
    }

export interface SignedIn {
  result: LoginResult
  /** The store that has the sign-in, and gets the credentials. */
  store: CredentialStore
  /** The item of the credentials. */
  item?: string | undefined
  /** Puts what was chosen on the way into the profile. */
  remember?: (profile: Profile) => Profile
}

/** New credentials, and the store where they belong. */
export interface Renewed {
  credentials: StoredCredentials
  store: CredentialStore
}

/** Which of the tokens of a sign-in is wanted: the access token, or the ID token, which STS takes. */
export type WantedToken = 'access' | 'id'

interface KeptTokens {
  lifetime: Lifetime
  /** Names of the signed-in user, best first; none without an ID token. */
  userNames: readonly string[]
}

/** What renews a profile without a person: a sign-in until it ends, or a refresh token or secret for as long as it is taken. */
export type Outlook =
  | { kind: 'until'; at: Date }
  | { kind: 'open' }
  /** Something that only the user can change keeps it from being renewed; `fix` is what to do. */
  | { kind: 'blocked'; why: string; fix: string }
  /** The secret of the client or application is not where it was put; `of` is the profile it belongs to. */
  | { kind: 'no-secret'; of: string; option: '--client-secret-stdin' | '--app-secret-stdin' }

export interface Server {
  role: 'portal' | 'issuer' | 'idaas' | 'sts'
  /** Sign-in URL, issuer or endpoint. */
  url: string
  /** Of an issuer: hosts beside its own where its endpoints may be. */
  trustedHosts?: readonly string[]
}

/** Loads what knows the kind of a profile: the one place that distinguishes them. */
export async function openKind(resolved: ResolvedProfile, context: SessionContext): Promise<Kind> {
  switch (resolved.kind) {
    case 'cloudsso':
      return (await import('./cloudsso.ts')).openCloudSso(resolved, context)
    case 'oidc':
      return (await import('./oidc.ts')).openOidc(resolved, context)
    case 'idaas':
      return (await import('./idaas.ts')).openIdaas(resolved, context)
    case 'role': {
      const source = await openKind(resolved.source, context)
      return (await import('./role.ts')).openRole(resolved, { source, openKind }, context)
    }
  }
}
