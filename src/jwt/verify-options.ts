import type { Clock, Fetch } from '../kit/index.ts'
import type { Jwk, JwkSet } from './jwk-set.ts'
import type { JwksSource } from './jwks-source-options.ts'
import type { ReplayGuard } from './replay-guard.ts'

/** What a verification needs from outside: the network only where `jwks` is a URL. */
export interface VerifyContext {
  fetch: Fetch
  clock: Clock
}

/** The rules that do not depend on the issuer. */
interface VerifyRulesOptions {
  /** Accepted signature algorithms. Default `['RS256']`. HMAC and `none` are never accepted. */
  algorithms?: readonly string[]
  /** Seconds by which clocks may differ: `exp`, `nbf` and `iat` are read so generously. Default 300. */
  clockTolerance?: number
  /** The `typ` that the header must have, such as `at+jwt` (RFC 9068). Default: `JWT` or none. */
  typ?: string
  /** Claims that must be there beside `iss`, `aud` and `exp`. */
  requiredClaims?: readonly string[]
  /**
   * The client that the token must have been issued to: `azp`, where it is there, must be this, and with several audiences it
   * must be there (OpenID Connect Core section 3.1.3.7). Without it `azp` is not checked.
   */
  authorizedParty?: string
  /** Accepts each `jti` once; tokens without one are then refused. */
  replayGuard?: ReplayGuard
  /** The instant for which times are checked. Default: now. */
  now?: Date
}

/** What a token is verified against. Issuer, audience and one source of keys must be given: there is no "any". */
export interface VerifyJwtOptions extends VerifyRulesOptions {
  /** Exactly as in the token's `iss`; several where tokens of several issuers share their keys. */
  issuer: string | readonly string[]
  /** One of these must be among the token's `aud`. */
  audience: string | readonly string[]
  /** URL of the issuer's JWK Set (https; http for a literal loopback address), the set itself, or a source of it. */
  jwks?: string | JwkSet | JwksSource
  /** Pinned key: PEM (SPKI, X.509), JWK or JWK Set, as text or object. */
  publicKey?: string | Jwk | JwkSet
}

/** As `VerifyJwtOptions`, for a key that signs for one application alone: it says who issued a token, and for whom. */
export interface VerifyPinnedJwtOptions extends VerifyRulesOptions {
  issuer?: string | readonly string[]
  audience?: string | readonly string[]
  publicKey: string | Jwk | JwkSet
}
