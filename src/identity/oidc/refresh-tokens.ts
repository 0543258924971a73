import { refreshTokenGrant } from 'openid-client'
import { isSesameError, type Secret, type SesameError } from '../../kit/index.ts'
import type { TokenSet } from '../device-flow-dialect.ts'
import { askProvider } from './ask-provider.ts'
import type { Exchange } from './exchange.ts'
import type { RequestLimits } from './oidc-client.ts'
import type { OidcProvider } from './provider.ts'
import { readTokens } from './read-tokens.ts'
import { errorOf, refusal } from './refusal.ts'

export interface RefreshOptions extends RequestLimits {
  /** `sub` of the ID token that the sign-in gave: a new one must be for the same person. */
  previousSubject?: string | undefined
}

/** New tokens; without the ID token where it could not be checked for want of keys. */
export interface RefreshedTokens extends TokenSet {
  idTokenFailure?: SesameError
}

/**
 * Trades a refresh token for new tokens (RFC 6749 section 6, OpenID Connect Core section 12). Sent once: a repeated
 * refresh looks like theft to a provider that rotates. `refreshToken` is absent from the result when the old one
 * stays valid. Errors: ERR_UNAUTHORIZED (`invalid_grant`: the sign-in is over), ERR_REFUSED, ERR_SERVER, ERR_RESPONSE_INVALID,
 * ERR_TOKEN_INVALID, network, the signal's reason.
 */
export async function refreshTokens(
  provider: OidcProvider,
  refreshToken: Secret,
  { previousSubject, ...limits }: RefreshOptions = {},
): Promise<RefreshedTokens> {
  const exchanged = await askProvider(provider, limits, (configuration) =>
    refreshTokenGrant(configuration, refreshToken.reveal()),
  )
  const { answer } = exchanged
  if (answer.status !== 200 || !answer.isJson || errorOf(answer) !== undefined) {
    const { issuer, client } = provider
    throw refusal(answer, `The provider ${issuer} did not renew the sign-in`, {
      issuer,
      clientId: client.clientId,
      grant: 'refresh',
    })
  }
  try {
    return await readTokens(provider, exchanged, { previousSubject })
  } catch (error) {
    // No keys to be had just now. The refresh token that was sent is spent, so the new one must not be lost with it.
    if (!isSesameError(error, 'ERR_SERVER')) throw error
    return { ...(await readTokens(provider, withoutIdToken(exchanged))), idTokenFailure: error }
  }
}

function withoutIdToken(exchanged: Exchange<unknown>): Exchange<unknown> {
  const { id_token, ...body } = exchanged.answer.body as Record<string, unknown>
  return { ...exchanged, answer: { ...exchanged.answer, body } }
}
