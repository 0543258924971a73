import type { ServerMetadata } from 'openid-client'
import type { Fetch } from '../../http/index.ts'
import type { JwksSource } from '../../jwt/index.ts'
import type { Clock, ClockReading, Log, Secret } from '../../kit/index.ts'

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
  /** Hosts beside the issuer's own where its endpoints may be. */
  trustedHosts?: readonly string[]
  /** Port of the loopback redirect, where the provider wants the registered address to the letter; else any free one. */
  redirectPort?: number
  /** Whether a proof key is sent in the device grant too, where RFC 8628 does not know it. */
  devicePkce: boolean
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
  /** Its clock, from the `Date` header of the discovery document. */
  readonly clockReading: ClockReading
  /** The keys it signs ID tokens with. */
  readonly keys: JwksSource
}
