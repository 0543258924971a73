import { SesameError } from '../errors.ts'
import { printable } from '../printable.ts'
import type { ClaimRules } from './check-claims.ts'
import type { Jwk, JwkSet } from './jwk-set.ts'
import type { JwksSource } from './jwks-source.ts'
import type { ReplayGuard } from './replay-guard.ts'
import { keyKindOf, signatureAlgorithms } from './signature-algorithms.ts'

/** What a token is held against whoever issued it. */
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
   * must be there (OpenID Connect Core section 3.1.3.7). Without it `azp` is not judged.
   */
  authorizedParty?: string
  /** Accepts each `jti` once; tokens without one are then refused. */
  replayGuard?: ReplayGuard
  /** The instant to judge by. Default: now. */
  now?: Date
}

/** What a token is held against. Issuer, audience and one source of keys must be given: there is no "any". */
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

/** Checked options, with defaults filled in. */
export interface VerifyRules extends ClaimRules {
  algorithms: readonly string[]
  typ: string | undefined
}

/** .NET's ClockSkew, and what other verifiers of access tokens use. */
export const defaultClockToleranceSeconds = 300
const longestToleranceSeconds = 86_400

/** @throws SesameError ERR_USAGE for options that are missing, impossible or unsafe */
export function checkVerifyOptions(options: VerifyJwtOptions): VerifyRules {
  if ((options.jwks === undefined) === (options.publicKey === undefined))
    throw misuse('give either jwks or publicKey')
  return {
    ...checkRules(options),
    issuers: texts(options.issuer, 'issuer'),
    audiences: texts(options.audience, 'audience'),
  }
}

/** The same for a pinned key: an issuer and an audience that are not named are not judged. */
export function checkPinnedOptions(options: VerifyPinnedJwtOptions): VerifyRules {
  const { issuer, audience } = options
  return {
    ...checkRules(options),
    ...(issuer !== undefined && { issuers: texts(issuer, 'issuer') }),
    ...(audience !== undefined && { audiences: texts(audience, 'audience') }),
  }
}

function checkRules(options: VerifyRulesOptions): VerifyRules {
  const { clockTolerance = defaultClockToleranceSeconds, algorithms = ['RS256'], typ, now } = options
  if (!(clockTolerance >= 0 && clockTolerance <= longestToleranceSeconds))
    throw misuse(`clockTolerance must be between 0 and ${longestToleranceSeconds} seconds`)
  if (typ !== undefined && (typeof typ !== 'string' || typ === '')) throw misuse('typ must be a text')
  if (now !== undefined && !(now instanceof Date && Number.isFinite(now.getTime())))
    throw misuse('now must be a Date')
  const unknown = texts(algorithms, 'algorithms').find((each) => keyKindOf(each) === undefined)
  if (unknown !== undefined)
    throw misuse(
      `algorithms cannot hold ${printable(unknown, 20)}; it can hold ${signatureAlgorithms.join(', ')}`,
    )
  return {
    authorizedParty: options.authorizedParty,
    requiredClaims: [...(options.requiredClaims ?? []), ...(options.replayGuard ? ['jti'] : [])],
    toleranceSeconds: clockTolerance,
    algorithms: texts(algorithms, 'algorithms'),
    typ,
  }
}

function texts(value: unknown, name: string): readonly string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value]
  if (all.length > 0 && all.every((each) => typeof each === 'string' && each !== '')) return all as string[]
  throw misuse(`${name} must be a text, or a list of texts`)
}

function misuse(reason: string): SesameError {
  return new SesameError('ERR_USAGE', `A token cannot be verified like this: ${reason}.`)
}
