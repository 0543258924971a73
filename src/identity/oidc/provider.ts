import type { ServerMetadata } from 'openid-client'
import type { JwksSource } from '../../jwt/index.ts'
import type { Clock, ClockReading, Fetch, Log, Secret } from '../../kit/index.ts'
import type { ClientAuthentication } from './client-authentication.ts'

/** Who we are at an OpenID provider, as a profile says it. */
export interface OidcClient {
  /** As `normalizeIssuer` gives it: compared character by character with what discovery and ID tokens say. */
  issuer: string
  clientId: string
  /** Space-separated, sent as it is. */
  scope: string
  /** For providers that need to know which API the access token is for (Auth0). */
  audience?: string
  /** Of a confidential client. */
  clientSecret?: Secret
  /** How the secret is sent, where the profile says so; else the ways that discovery allows are tried. */
  clientAuth?: 'basic' | 'post'
  /** What this provider accepted before, and where what it accepts now is noted. */
  knownAuthentication?: KnownAuthentication
  /** `prompt` of the authorization request; empty for none. Undefined: `consent` where offline access needs it. */
  prompt?: string
  /** Authentication context class references to ask for, with spaces between them. */
  acrValues?: string
  /** Where device authorization is, for a provider that does not announce it. */
  deviceEndpoint?: string
  /** Hosts beside the issuer's own where its endpoints may be. */
  trustedHosts?: readonly string[]
  /** Port of the loopback redirect, where the provider wants the registered address to the letter; else any free one. */
  redirectPort?: number
  /** Whether a proof key is sent in the device grant too, where RFC 8628 does not know it. */
  devicePkce: boolean
}

/** Which way of client authentication a provider accepted. */
export interface KnownAuthentication {
  readonly method: ClientAuthentication | undefined
  /** Notes that another one was accepted; from then on it comes first. */
  learn(method: ClientAuthentication): void
}

/** What talking to a provider needs from outside. */
export interface OidcContext {
  fetch: Fetch
  clock: Clock
  log: Log
  /** Aborting ends every request at once, with the signal's reason. */
  signal: AbortSignal
}

/** For one request: a signal and limit of its own. */
export interface RequestLimits {
  /** Default: the context's. */
  signal?: AbortSignal
  /** Default: the limit of our fetch. */
  timeoutMs?: number
  /** In place of the limit of our fetch, for an answer that must not be lost. */
  limitMs?: number
}

/** An OpenID provider that was discovered and checked, with our client there. Opaque but for what it can do. */
export interface OidcProvider {
  readonly issuer: string
  readonly supports: {
    /** Device authorization (RFC 8628). */
    device: boolean
    /** Authorization code. */
    code: boolean
    /** Token revocation (RFC 7009). */
    revocation: boolean
    /** RP-initiated logout. */
    endSession: boolean
  }
  readonly client: OidcClient
  readonly context: OidcContext
  /** Its discovery document; every endpoint in it was checked. */
  readonly metadata: ServerMetadata
  /** How our client was authenticated before, and by this process. */
  readonly authentication: KnownAuthentication
  /** Its clock, from the `Date` header of the discovery document. */
  readonly clockReading: ClockReading
  /** The keys it signs ID tokens with. */
  readonly keys: JwksSource
}
