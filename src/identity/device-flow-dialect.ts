import type { Lifetime, Secret, SesameError } from '../kit/index.ts'
import type { PkcePair } from './pkce.ts'

/** What a sign-in yields: a bearer token and how long it lives; OIDC providers give more. */
export interface TokenSet {
  accessToken: Secret
  lifetime: Lifetime
  refreshToken?: Secret
  idToken?: IdToken
}

/** An ID token whose signature and claims were checked when it came (OIDC Core section 3.1.3.7). */
export interface IdToken {
  token: Secret
  /** From its own `iat` and `exp`. */
  lifetime: Lifetime
  /** How the person is called: `preferred_username`, else `email`, else `sub`. */
  userName: string
}

/** A server's invitation to sign in elsewhere (RFC 8628 section 3.2), checked and in our own words. */
export interface DeviceAuthorization {
  deviceCode: Secret
  /** What the person compares or types; printable. */
  userCode: string
  /** The host that the profile names, to compare those of the addresses with. */
  configuredHost: string
  verificationUri: VerificationUri
  /** The same with the code filled in, where the server gives one. */
  verificationUriComplete?: VerificationUri
  expiresInSeconds: number
  intervalSeconds: number
}

/** An address from the server: always fit to be shown, and fit to be opened only if `mayOpen`. */
export interface VerificationUri {
  text: string
  mayOpen: boolean
}

/** The first answer: begun, or a fault of the server that may pass (5xx, throttling). Refusals and network faults are thrown. */
export type StartOutcome =
  | { kind: 'started'; authorization: DeviceAuthorization }
  | { kind: 'unavailable'; error: SesameError; retryAfterMs?: number | undefined }

/** One poll's answer. Everything the server may rightly say is a value; an unknown refusal is thrown. */
export type PollOutcome =
  | { kind: 'granted'; token: TokenSet }
  | { kind: 'pending'; retryAfterMs?: number | undefined }
  | { kind: 'slow-down'; retryAfterMs?: number | undefined }
  | { kind: 'unavailable'; error: SesameError; retryAfterMs?: number | undefined }
  | { kind: 'denied'; details: ServerDetails }
  | { kind: 'expired'; details: ServerDetails }

export interface ServerDetails {
  serverCode?: string | undefined
  requestId?: string | undefined
}

export interface DialectRequestOptions {
  signal: AbortSignal
  timeoutMs: number
}

/**
 * How one kind of server speaks device authorization. It only translates: waiting, deadlines and
 * repetition belong to `device-flow.ts`.
 */
export interface DeviceFlowDialect {
  startDeviceAuthorization(pkce: PkcePair, options: DialectRequestOptions): Promise<StartOutcome>
  /** Asks once. */
  redeemDeviceCode(
    authorization: DeviceAuthorization,
    pkce: PkcePair,
    options: DialectRequestOptions,
  ): Promise<PollOutcome>
}
