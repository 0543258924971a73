import { formatInstant, printable } from '../kit/index.ts'
import type { JwtClaims } from './decode-jwt.ts'
import { TokenInvalidError } from './token-invalid-error.ts'

/** Claims that have been checked: those named here are what their type says (RFC 7519 section 4.1). */
export interface VerifiedClaims extends PinnedClaims {
  iss: string
  aud: string | string[]
}

/** The same for a pinned key, where nobody asked for an issuer or an audience. */
export interface PinnedClaims {
  iss?: string
  aud?: string | string[]
  /** Seconds since 1970; may lie up to the tolerance in the past. */
  exp: number
  sub?: string
  nbf?: number
  iat?: number
  jti?: string
  [name: string]: unknown
}

export interface ClaimRules {
  /** Absent: any, or none. */
  issuers?: readonly string[] | undefined
  /** Absent: any, or none. */
  audiences?: readonly string[] | undefined
  authorizedParty: string | undefined
  requiredClaims: readonly string[]
  toleranceSeconds: number
}

/** The year 9999: `exp: 1e20` is no date. */
const latest = 253_402_300_799

/**
 * Judges the claims of a token whose signature fits, at the instant `now`.
 *
 * @throws TokenInvalidError `missing-claim`, `invalid-claim`, `issuer`, `audience`, `authorized-party`, `expired`,
 *   `not-yet-valid`
 */
export function checkClaims(claims: JwtClaims, rules: ClaimRules, now: Date): PinnedClaims {
  const { issuers, audiences } = rules
  const named = [...(issuers ? ['iss'] : []), ...(audiences ? ['aud'] : [])]
  for (const name of ['exp', ...named, ...rules.requiredClaims]) {
    if (!Object.hasOwn(claims, name) || claims[name] === null)
      throw new TokenInvalidError('missing-claim', `The token has no claim "${printable(name, 60)}".`)
  }
  for (const name of ['iss', 'sub', 'jti', 'azp'])
    if (claims[name] !== undefined && typeof claims[name] !== 'string') throw invalid(name)
  if (issuers !== undefined) checkIssuer(claims.iss, issuers)
  checkAudience(claims, rules)
  checkTimes(claims, rules.toleranceSeconds, now)
  return claims as PinnedClaims
}

/** Compared letter by letter: another case or a slash at the end is another issuer (OpenID Connect Core section 3.1.3.7). */
function checkIssuer(iss: unknown, issuers: readonly string[]): void {
  if (issuers.includes(iss as string)) return
  throw new TokenInvalidError('issuer', `The issuer of the token is ${shown(iss)}, not ${either(issuers)}.`)
}

/** One of several audiences is enough; who the token was issued to (`azp`) counts only when asked for. */
function checkAudience({ aud, azp }: JwtClaims, { audiences, authorizedParty }: ClaimRules): void {
  const named: unknown[] = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud]
  if (!named.every((each) => typeof each === 'string')) throw invalid('aud')
  if (audiences !== undefined && !named.some((each) => audiences.includes(each))) {
    const actual = named.slice(0, 5).map(shown).join(', ')
    throw new TokenInvalidError(
      'audience',
      `The token is for ${actual || 'nobody'}, not for ${either(audiences)}.`,
    )
  }
  if (authorizedParty === undefined) return
  if (azp === undefined && named.length === 1) return
  if (azp !== authorizedParty) {
    throw new TokenInvalidError(
      'authorized-party',
      `The token was issued to ${azp === undefined ? 'somebody it does not name' : shown(azp)}, not to ${shown(authorizedParty)}.`,
    )
  }
}

/** Compared so that what cannot be compared is refused. */
function checkTimes(claims: JwtClaims, toleranceSeconds: number, now: Date): void {
  const nowSeconds = now.getTime() / 1000
  const exp = instantOf(claims, 'exp') ?? 0
  if (!(nowSeconds < exp + toleranceSeconds)) {
    throw new TokenInvalidError(
      'expired',
      `The token expired at ${iso(exp)}; it is ${iso(nowSeconds)}, and the tolerance is ${toleranceSeconds} s.`,
    )
  }
  for (const name of ['nbf', 'iat'] as const) {
    const instant = instantOf(claims, name)
    if (instant !== undefined && !(instant <= nowSeconds + toleranceSeconds)) {
      const what = name === 'nbf' ? 'is not valid before' : 'claims to be issued at'
      throw new TokenInvalidError(
        'not-yet-valid',
        `The token ${what} ${iso(instant)}; it is ${iso(nowSeconds)}, and the tolerance is ${toleranceSeconds} s.`,
      )
    }
  }
}

function instantOf(claims: JwtClaims, name: string): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value >= 0 && value <= latest)) throw invalid(name)
  return value
}

const iso = (seconds: number) => formatInstant(new Date(seconds * 1000))
const shown = (value: unknown) => `"${printable(String(value), 200)}"`
const either = (values: readonly string[]) => values.map(shown).join(' or ')

function invalid(name: string): TokenInvalidError {
  return new TokenInvalidError('invalid-claim', `The claim "${name}" of the token is not what it has to be.`)
}
