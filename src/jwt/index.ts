export {
  type AuthenticatedRequest,
  type BearerGuard,
  type BearerOutcome,
  type BearerReply,
  type BearerResponse,
  createBearerGuard,
  type VerifyBearerOptions,
} from './bearer-guard.ts'
export type { BearerRefusal, BearerRequest } from './bearer-scheme.ts'
export type { VerifiedClaims } from './check-claims.ts'
export { type DecodedJwt, decodeJwt, type JwtClaims, type JwtHeader } from './decode-jwt.ts'
export type { Jwk, JwkSet } from './jwk-set.ts'
export type { JwksSource, JwksSourceOptions } from './jwks-source.ts'
export { createJwksSource } from './jwks-source.ts'
export { signatureAlgorithms } from './key-strength.ts'
export { checkPublicKey } from './read-public-key.ts'
export { createReplayGuard, type ReplayGuard } from './replay-guard.ts'
export { TokenInvalidError, type TokenInvalidReason } from './token-invalid-error.ts'
export {
  type PinnedJwt,
  type VerifiedJwt,
  verifyJwt,
  verifyPinnedJwt,
  verifyWithSource,
} from './verify-jwt.ts'
export type { VerifyContext, VerifyJwtOptions } from './verify-options.ts'
export { defaultClockToleranceSeconds } from './verify-options.ts'
