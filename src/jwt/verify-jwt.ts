import { openKeySource } from './key-source.ts'
import { type ReadVerifyOptions, readPinnedOptions, readVerifyOptions } from './read-verify-options.ts'
import type { VerifyContext, VerifyJwtOptions, VerifyPinnedJwtOptions } from './verify-options.ts'
import { createVerifier, type PinnedJwt, type VerifiedJwt } from './verify-token.ts'

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
