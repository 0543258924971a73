import { SesameError } from '../kit/index.ts'

/** Every reason for which a token is refused. */
export type TokenInvalidReason =
  /** No compact JWS with a JSON object as header and claims, or too large. */
  | 'malformed'
  /** Encrypted, compressed, nested, or with an extension that must be understood (`crit`). */
  | 'unsupported'
  | 'algorithm'
  | 'type'
  /** None of the issuer's keys fits. */
  | 'no-key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'authorized-party'
  | 'expired'
  /** `nbf` or `iat` lies in the future. */
  | 'not-yet-valid'
  | 'missing-claim'
  | 'invalid-claim'
  | 'replayed'

/** An invalid token (ERR_TOKEN_INVALID). The message is one line and never holds the token or its signature. */
export class TokenInvalidError extends SesameError {
  readonly reason: TokenInvalidReason

  constructor(reason: TokenInvalidReason, message: string, hint?: string) {
    super('ERR_TOKEN_INVALID', message, hint === undefined ? {} : { hint })
    this.name = 'TokenInvalidError'
    this.reason = reason
  }
}
