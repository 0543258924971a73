import type { Secret, SesameError } from '../kit/index.ts'
import type { DeviceAuthorization } from './device-authorization.ts'
import type { PkcePair } from './pkce.ts'
import type { TokenSet } from './token-set.ts'

/** The first answer: started, or a temporary fault of the server (5xx, throttling). Other error responses and network faults are thrown. */
export type StartOutcome =
  | { kind: 'started'; authorization: DeviceAuthorization }
  | { kind: 'unavailable'; error: SesameError; retryAfterMs?: number | undefined }

/** One poll's answer. Everything RFC 8628 section 3.5 expects is a value; an unknown error is thrown. */
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

interface DialectRequestOptions {
  signal: AbortSignal
  timeoutMs: number
}

/**
 * How one kind of server speaks device authorization. It only translates: waiting, deadlines and
 * repetition belong to `device-flow.ts`.
 */
export interface DeviceFlowDialect {
  startDeviceAuthorization(pkce: PkcePair, options: DialectRequestOptions): Promise<StartOutcome>
  /** Polls once. */
  redeemDeviceCode(
    authorization: DeviceAuthorization,
    codeVerifier: Secret,
    options: DialectRequestOptions,
  ): Promise<PollOutcome>
}
