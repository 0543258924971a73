import { isSesameError, type Secret, type SesameError, t } from '../../kit/index.ts'
import type { TokenSet } from '../token-set.ts'
import { sendRequest } from './client-request.ts'
import type { OidcProvider, RequestLimits } from './provider.ts'
import { readIdToken, readTokens, requireSuccess } from './token-response.ts'

export interface RefreshOptions extends RequestLimits {
  /** `sub` of the ID token of the sign-in: a new one must be for the same user. */
  previousSubject?: string | undefined
  /** The name of that user, for an ID token that has none. */
  previousUserName?: string | undefined
}

/** New tokens; without the ID token where its keys could not be fetched. */
export interface RefreshedTokens extends TokenSet {
  idTokenFailure?: SesameError
}

/**
 * Trades a refresh token for new tokens (RFC 6749 section 6, OpenID Connect Core section 12). Sent once: a repeated
 * refresh looks like theft to a provider that rotates. `refreshToken` is absent from the result when the old one
 * stays valid. Errors: ERR_UNAUTHORIZED (the sign-in is over; with a `serverCode` where the provider says so with an error of
 * OAuth, and the refresh token is worth nothing any more), ERR_REFUSED, ERR_SERVER, ERR_RESPONSE_INVALID, ERR_TOKEN_INVALID,
 * network, the signal's reason.
 */
export async function refreshTokens(
  provider: OidcProvider,
  refreshToken: Secret,
  { previousSubject, previousUserName, ...limits }: RefreshOptions = {},
): Promise<RefreshedTokens> {
  const reply = await sendRequest(provider, limits, (openid, configuration) =>
    openid.refreshTokenGrant(configuration, refreshToken.reveal()),
  )
  const checks = { previousSubject, previousUserName }
  const failure = t('The provider {issuer} did not renew the sign-in', { issuer: provider.issuer })
  const success = await requireSuccess(provider, reply, { failure, grant: 'refresh' }, checks)
  const tokens = readTokens(provider, success)
  try {
    const idToken = await readIdToken(provider, success, checks)
    return idToken === undefined ? tokens : { ...tokens, idToken }
  } catch (error) {
    // The keys cannot be fetched just now. The refresh token that was sent is used up, so the new one must not be lost with it.
    if (!isSesameError(error, 'ERR_SERVER')) throw error
    return { ...tokens, idTokenFailure: error }
  }
}
