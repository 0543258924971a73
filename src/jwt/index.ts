export type { BearerRequest } from './bearer-credential.ts'
export {
  type AuthenticatedRequest,
  type BearerGuard,
  type BearerOutcome,
  type BearerReply,
  type BearerResponse,
  createBearerGuard,
  type VerifyBearerOptions,
} from './bearer-guard.ts'
export type { BearerRefusal } from './bearer-refusal.ts'
export type { VerifiedClaims } from './check-claims.ts'
export { type DecodedJwt, decodeJwt, type JwtClaims, type JwtHeader } from './decode-jwt.ts'
export { checkPublicKey, createJwksSource, verifyJwt, verifyPinnedJwt } from './doors.ts'
export type { Jwk } from './jwk.ts'
export type { JwkSet } from './jwk-set.ts'
export type { JwksSource, JwksSourceOptions } from './jwks-source-options.ts'
export { createReplayGuard, type ReplayGuard } from './replay-guard.ts'
export { TokenInvalidError, type TokenInvalidReason } from './token-invalid-error.ts'
export type { PinnedJwt, VerifiedJwt } from './verify-jwt.ts'
export type { VerifyJwtOptions } from './verify-options.ts'
export type { VerifyWorld } from './verify-world.ts'
