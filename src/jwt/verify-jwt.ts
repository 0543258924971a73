import type { KeyObject } from 'node:crypto'
import type { JWTVerifyOptions } from 'jose'
import { type Clock, misuse, t } from '../kit/index.ts'
import {
  checkClaims,
  claimError,
  type PinnedClaims,
  requiredClaims,
  type VerifiedClaims,
} from './check-claims.ts'
import { checkHeader } from './check-header.ts'
import { decodeJwt, type JwtHeader } from './decode-jwt.ts'
import type { KeyChoice, WantedKey } from './jwk-set.ts'
import type { JwksSource } from './jwks-source.ts'
import { openKeySource } from './key-source.ts'
import type { ReplayGuard } from './replay-guard.ts'
import { TokenInvalidError } from './token-invalid-error.ts'
import {
  type ReadVerifyOptions,
  readPinnedOptions,
  readVerifyOptions,
  type VerifyContext,
  type VerifyJwtOptions,
  type VerifyPinnedJwtOptions,
  type VerifyRules,
} from './verify-options.ts'

/**
 * Verifies a signed JWT (RFC 7519, with the advice of RFC 8725): form, algorithm, type, signature, issuer, audience, times,
 * in this order. Claims are checked only once the signature fits.
 *
 * @throws TokenInvalidError (ERR_TOKEN_INVALID) with a `reason`; SesameError ERR_USAGE for impossible options, network and
 *   server errors when the keys cannot be fetched
 */
export async function verifyJwt(
  token: string,
  options: VerifyJwtOptions,
  context: VerifyContext,
): Promise<VerifiedJwt> {
  return prepareVerification(options, context)(token)
}

/** The same in two steps, for many tokens: options and pinned keys are read once, and misuse is an error at once. */
export function prepareVerification(
  options: VerifyJwtOptions,
  context: VerifyContext,
): (token: string) => Promise<VerifiedJwt> {
  const verify = prepare(readVerifyOptions(options), context)
  // The rules name issuers and audiences, so both claims have been there.
  return async (token) => (await verify(token)) as VerifiedJwt
}

/** `verifyJwt` for the tokens of one application, whose key is pinned: issuer and audience need not be named. */
export async function verifyPinnedJwt(
  token: string,
  options: VerifyPinnedJwtOptions,
  context: VerifyContext,
): Promise<PinnedJwt> {
  return prepare(readPinnedOptions(options), context)(token)
}

function prepare(options: ReadVerifyOptions, context: VerifyContext): (token: string) => Promise<PinnedJwt> {
  return createVerifier(
    options,
    openKeySource(options.keys, options.rules.algorithms, context),
    context.clock,
  )
}

/** Header and claims of a token that has been verified. */
export interface VerifiedJwt {
  header: JwtHeader
  claims: VerifiedClaims
}

/** The same of a token that a pinned key has signed. */
export interface PinnedJwt {
  header: JwtHeader
  claims: PinnedClaims
}

/** Where a verification gets its keys from. */
export type KeysFor = (wanted: WantedKey) => KeyChoice | Promise<KeyChoice>

/** `verifyJwt` with keys of a source of our own. @throws as `verifyJwt` */
export async function verifyWithSource(
  token: string,
  options: VerifyJwtOptions & { jwks: JwksSource },
  clock: Clock,
): Promise<VerifiedJwt> {
  const verify = createVerifier(readVerifyOptions(options), (wanted) => options.jwks.keysFor(wanted), clock)
  // The rules name issuers and audiences, so both claims have been there.
  return (await verify(token)) as VerifiedJwt
}

/**
 * jose's `jwtVerify` checks the signature, `iss`, `aud`, `exp`, `nbf` and the presence of claims. What it lacks is done around it:
 *
 * - before: `decodeJwt` (size, canonical base64url, UTF-8, distinct members, nesting), `checkHeader` (members that change the
 *   meaning, algorithm, type) and the choice of keys (their strength and purpose), since the algorithm decides which key is
 *   fetched, and an absent `typ` means JWT;
 * - after: `checkClaims` (types, ranges, `azp`, `iat`) and the replay guard.
 */
function createVerifier(
  { rules, replayGuard, now }: ReadVerifyOptions,
  keysFor: KeysFor,
  clock: Clock,
): (token: string) => Promise<PinnedJwt> {
  return async (token) => {
    const { header, claims } = decodeJwt(token)
    const wanted = checkHeader(header, rules)
    const candidates = found(await keysFor(wanted), wanted)
    const at = now ?? clock.now()
    const failure = await joseFailure(token, candidates, joseOptions(rules, wanted, at))
    if (failure !== undefined) throw claimError(failure, claims, rules, at)
    const verified = checkClaims(claims, rules, at)
    if (replayGuard !== undefined) await refuseReplay(verified, replayGuard, rules.toleranceSeconds)
    return { header, claims: verified }
  }
}

function found({ keys, refusal }: KeyChoice, { alg, kid }: WantedKey): readonly KeyObject[] {
  if (keys.length > 0) return keys
  const nearest =
    kid === undefined ? t('none is for {algorithm}', { algorithm: alg }) : t('the one it names is not there')
  const reason = refusal === undefined ? nearest : t('the one that would fit {reason}', { reason: refusal })
  throw new TokenInvalidError('no-key', t('The issuer has no key for this token: {reason}.', { reason }))
}

function joseOptions(rules: VerifyRules, { alg }: WantedKey, currentDate: Date): JWTVerifyOptions {
  const { issuers, audiences, toleranceSeconds } = rules
  return {
    algorithms: [alg],
    ...(issuers && { issuer: [...issuers] }),
    ...(audiences && { audience: [...audiences] }),
    // jose reports the last one that is missing.
    requiredClaims: requiredClaims(rules).reverse(),
    clockTolerance: toleranceSeconds,
    currentDate,
  }
}

/**
 * Verifies a token with each of the keys in turn; several may have the same key id, or the token may name none. Loads jose with the
 * first token.
 *
 * @returns the claim that jose refused once the signature fitted, if any
 * @throws TokenInvalidError `signature` when none of the keys fits
 */
async function joseFailure(
  token: string,
  keys: readonly KeyObject[],
  options: JWTVerifyOptions,
): Promise<{ claim: string } | undefined> {
  const { errors, jwtVerify } = await import('jose')
  for (const key of keys) {
    try {
      await jwtVerify(token, key, options)
      return undefined
    } catch (error) {
      if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) return error
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
    }
  }
  throw new TokenInvalidError('signature', t('The signature of the token does not fit.'))
}

/**
 * Last of all: only a token that is valid in every other way is used up. Only a clear "not seen" lets it pass: a guard that
 * forgets its `return`, or answers with the row of a table, has not said so.
 */
async function refuseReplay(
  { iss, jti, exp }: PinnedClaims,
  guard: ReplayGuard,
  toleranceSeconds: number,
): Promise<void> {
  const expiresAt = new Date((exp + toleranceSeconds) * 1000)
  const seen: unknown = await guard.seen(JSON.stringify([iss ?? null, jti]), expiresAt)
  if (seen === true) throw new TokenInvalidError('replayed', t('The token has been used before.'))
  if (seen !== false) throw misuse('replayGuard.seen', t('a function that gives true or false'))
}
