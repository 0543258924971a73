/** The library `sesame-sso/token`: JSON Web Tokens verified, and requests guarded by them. */
export { createJwksSource, createReplayGuard, verifyBearer, verifyJwt } from './compose/index.ts'
export {
  type AuthenticatedRequest,
  type BearerGuard,
  type BearerOutcome,
  type BearerRefusal,
  type BearerReply,
  type BearerRequest,
  type BearerResponse,
  type DecodedJwt,
  decodeJwt,
  type Jwk,
  type JwkSet,
  type JwksSource,
  type JwtClaims,
  type JwtHeader,
  type ReplayGuard,
  TokenInvalidError,
  type TokenInvalidReason,
  type VerifiedClaims,
  type VerifiedJwt,
  type VerifyBearerOptions,
  type VerifyJwtOptions,
} from './jwt/index.ts'
export { type ErrorCode, isSesameError, SesameError, type SesameErrorOptions } from './kit/index.ts'
