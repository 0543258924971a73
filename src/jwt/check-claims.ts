import { formatInstant, printable, t } from '../kit/index.ts'
import type { JwtClaims } from './decode-jwt.ts'
import { TokenInvalidError } from './token-invalid-error.ts'

/** Claims that have been checked: those named here are what their type says (RFC 7519 section 4.1). */
export interface VerifiedClaims extends PinnedClaims {
  iss: string
  aud: string | string[]
}

/** The same for a pinned key, where issuer and audience may be left open. */
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

const isText = (value: unknown) => typeof value === 'string'
const isTextOrTexts = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText))
const isInstant = (value: unknown) => typeof value === 'number' && value >= 0 && value <= latest

const claimTypes: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['iss', isText],
  ['sub', isText],
  ['jti', isText],
  ['azp', isText],
  ['aud', isTextOrTexts],
  ['exp', isInstant],
  ['nbf', isInstant],
  ['iat', isInstant],
])

/** The claims that must be there. */
export function requiredClaims({ issuers, audiences, requiredClaims: others }: ClaimRules): string[] {
  return ['exp', ...(issuers ? ['iss'] : []), ...(audiences ? ['aud'] : []), ...others]
}

/**
 * Checks what jose does not, of the claims of a token that jose has found good: that no required claim is null, types and ranges
 * of the registered claims, authorized party, and an issue date in the future.
 *
 * @throws TokenInvalidError `missing-claim`, `invalid-claim`, `authorized-party`, `not-yet-valid`
 */
export function checkClaims(claims: JwtClaims, rules: ClaimRules, now: Date): PinnedClaims {
  for (const name of requiredClaims(rules)) checkPresence(claims, name)
  for (const name of claimTypes.keys()) checkType(claims, name)
  checkAuthorizedParty(claims, rules)
  checkIssuedAt(claims, rules, now)
  return claims as PinnedClaims
}

/**
 * The error for the claim that jose refused, with both values in words: jose names the claim only.
 *
 * @returns TokenInvalidError `missing-claim`, `invalid-claim`, `issuer`, `audience`, `expired`, `not-yet-valid`
 */
export function claimError(
  { claim }: { claim: string },
  claims: JwtClaims,
  rules: ClaimRules,
  now: Date,
): TokenInvalidError {
  try {
    if (requiredClaims(rules).includes(claim)) checkPresence(claims, claim)
    checkType(claims, claim)
  } catch (error) {
    if (error instanceof TokenInvalidError) return error
    throw error
  }
  const value = claims[claim]
  switch (claim) {
    case 'iss':
      return new TokenInvalidError(
        'issuer',
        t('The issuer of the token is {found}, not {wanted}.', {
          found: shown(value),
          wanted: either(rules.issuers),
        }),
      )
    case 'aud':
      return audienceError(value, rules)
    case 'exp':
      return new TokenInvalidError(
        'expired',
        t(
          'The token expired at {instant}; it is {now}, and the tolerance is {tolerance} s.',
          clocks(value, now, rules),
        ),
      )
    default:
      return new TokenInvalidError(
        'not-yet-valid',
        t(
          'The token is not valid before {instant}; it is {now}, and the tolerance is {tolerance} s.',
          clocks(value, now, rules),
        ),
      )
  }
}

function audienceError(value: unknown, rules: ClaimRules): TokenInvalidError {
  const wanted = either(rules.audiences)
  const found = [value].flat().slice(0, 5).map(shown).join(', ')
  const message =
    found === ''
      ? t('The token is for no audience, not for {wanted}.', { wanted })
      : t('The token is for {found}, not for {wanted}.', { found, wanted })
  return new TokenInvalidError('audience', message)
}

function checkPresence(claims: JwtClaims, name: string): void {
  if (Object.hasOwn(claims, name) && claims[name] !== null) return
  throw new TokenInvalidError(
    'missing-claim',
    t('The token has no claim "{name}".', { name: printable(name, 60) }),
  )
}

function checkType(claims: JwtClaims, name: string): void {
  const value = claims[name]
  if (value === undefined || claimTypes.get(name)?.(value) !== false) return
  throw new TokenInvalidError('invalid-claim', t('Invalid claim "{name}".', { name }))
}

/** To whom a token was issued counts only when it is asked for (OpenID Connect Core section 3.1.3.7). */
function checkAuthorizedParty({ aud, azp }: JwtClaims, { authorizedParty }: ClaimRules): void {
  if (authorizedParty === undefined || azp === authorizedParty) return
  if (azp === undefined && aud !== undefined && [aud].flat().length === 1) return
  const wanted = shown(authorizedParty)
  throw new TokenInvalidError(
    'authorized-party',
    azp === undefined
      ? t('The token was issued to a client that it does not name, not to {wanted}.', { wanted })
      : t('The token was issued to {found}, not to {wanted}.', { found: shown(azp), wanted }),
  )
}

/** jose compares `iat` only where a maximum age is asked for. */
function checkIssuedAt({ iat }: JwtClaims, rules: ClaimRules, now: Date): void {
  if (iat === undefined || Number(iat) <= now.getTime() / 1000 + rules.toleranceSeconds) return
  throw new TokenInvalidError(
    'not-yet-valid',
    t(
      'The token claims to be issued at {instant}; it is {now}, and the tolerance is {tolerance} s.',
      clocks(iat, now, rules),
    ),
  )
}

const clocks = (seconds: unknown, now: Date, { toleranceSeconds }: ClaimRules) => ({
  instant: formatInstant(new Date(Number(seconds) * 1000)),
  now: formatInstant(now),
  tolerance: toleranceSeconds,
})
const shown = (value: unknown) => `"${printable(String(value), 200)}"`
const either = (values: readonly string[] = []) => values.map(shown).join(t(' or '))
