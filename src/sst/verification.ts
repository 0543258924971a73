/** Why a token is not taken. Callers that cannot make tokens see `forged` alone, whatever was wrong. */
export type InvalidReason =
  /** No token, damaged, of another key or service: which of these is not reported. */
  | 'forged'
  /** Its time has passed. */
  | 'expired'
  /** Made more than five minutes from now, by this machine's clock. */
  | 'not-yet-valid'
  | 'revoked'
  /** The revocation list cannot be asked: whether the token is revoked is unknown, so it is not taken. */
  | 'unavailable'

/** A token that is taken. */
export interface ValidToken {
  kind: 'valid'
  userId: string
  createdAt: Date
  /** Absent for a token that lasts until it is revoked. */
  expiresAt?: Date
}

/** How a token service answers about a token. */
export type Verification = ValidToken | { kind: 'invalid'; reason: InvalidReason }

/** How a revocation ended. */
export type RevokeResult =
  /** From now on no service takes it. `wasRevoked`: it was revoked before. */
  | { kind: 'revoked'; userId: string; wasRevoked: boolean }
  /** `forged`: there is nothing to revoke. `unavailable`: the list could not be written, and the token is still taken. */
  | { kind: 'not-revoked'; reason: 'forged' | 'unavailable' }
