import type { KeyObject } from 'node:crypto'
import { misuse } from '../kit/index.ts'
import { checkClaims, type PinnedClaims, type VerifiedClaims } from './check-claims.ts'
import { checkHeader } from './check-header.ts'
import { decodeJwt, type JwtHeader } from './decode-jwt.ts'
import type { KeyChoice, WantedKey } from './jwk-set.ts'
import { openKeys } from './open-keys.ts'
import { type ReadVerifyOptions, readPinnedOptions, readVerifyOptions } from './read-verify-options.ts'
import type { ReplayGuard } from './replay-guard.ts'
import { TokenInvalidError } from './token-invalid-error.ts'
import type { VerifyJwtOptions, VerifyPinnedJwtOptions } from './verify-options.ts'
import { verifySignature } from './verify-signature.ts'
import type { VerifyWorld } from './verify-world.ts'

/** What a token says, now that it is known to be true. */
export interface VerifiedJwt {
  header: JwtHeader
  claims: VerifiedClaims
}

/** The same of a token that a pinned key has signed. */
export interface PinnedJwt {
  header: JwtHeader
  claims: PinnedClaims
}

/**
 * Verifies a signed JWT (RFC 7519, with the advice of RFC 8725): form, algorithm, type, signature, issuer, audience, times,
 * in this order. Claims are judged only once the signature fits.
 *
 * @throws TokenInvalidError (ERR_TOKEN_INVALID) with a `reason`; SesameError ERR_USAGE for impossible options, network and
 *   server errors when the keys cannot be had
 */
export async function verifyJwt(
  token: string,
  options: VerifyJwtOptions,
  world: VerifyWorld,
): Promise<VerifiedJwt> {
  return prepareVerification(options, world)(token)
}

/** The same in two steps, for many tokens: options and pinned keys are read, and misuse is told, once and at once. */
export function prepareVerification(
  options: VerifyJwtOptions,
  world: VerifyWorld,
): (token: string) => Promise<VerifiedJwt> {
  const verify = prepare(readVerifyOptions(options), world)
  // The rules name issuers and audiences, so both claims have been there.
  return async (token) => (await verify(token)) as VerifiedJwt
}

/** `verifyJwt` for the tokens of one application, whose key is pinned: issuer and audience need not be named. */
export async function verifyPinnedJwt(
  token: string,
  options: VerifyPinnedJwtOptions,
  world: VerifyWorld,
): Promise<PinnedJwt> {
  return prepare(readPinnedOptions(options), world)(token)
}

function prepare(
  { rules, keys, replayGuard, now }: ReadVerifyOptions,
  world: VerifyWorld,
): (token: string) => Promise<PinnedJwt> {
  const keysFor = openKeys(keys, rules.algorithms, world)
  return async (token) => {
    const { header, claims } = decodeJwt(token)
    const wanted = checkHeader(header, rules)
    await verifySignature(token, wanted.alg, found(await keysFor(wanted), wanted))
    const verified = checkClaims(claims, rules, now ?? world.clock.now())
    if (replayGuard !== undefined) await refuseReplay(verified, replayGuard, rules.toleranceSeconds)
    return { header, claims: verified }
  }
}

function found({ keys, refusal }: KeyChoice, { alg, kid }: WantedKey): readonly KeyObject[] {
  if (keys.length > 0) return keys
  const nearest = kid === undefined ? `none is for ${alg}` : 'the one it names is not there'
  const reason = refusal === undefined ? nearest : `the one that would fit ${refusal}`
  throw new TokenInvalidError('no-key', `The issuer has no key for this token: ${reason}.`)
}

/**
 * Last of all: only a token that holds in every other way is used up. Only a clear "not seen" lets it pass: what forgets its
 * `return`, or answers with the row of a table, has not said so.
 */
async function refuseReplay(
  { iss, jti, exp }: PinnedClaims,
  guard: ReplayGuard,
  toleranceSeconds: number,
): Promise<void> {
  const expiresAt = new Date((exp + toleranceSeconds) * 1000)
  const seen: unknown = await guard.seen(JSON.stringify([iss ?? null, jti]), expiresAt)
  if (seen === true) throw new TokenInvalidError('replayed', 'The token has been used before.')
  if (seen !== false) throw misuse('replayGuard.seen', 'a function that gives true or false')
}
