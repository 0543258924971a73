import { isTransientStatus, readServerError } from '../../http/index.ts'
import { type Secret, t } from '../../kit/index.ts'
import { type Reply, sendRequest } from './client-request.ts'
import { isTemporary, requestError } from './oauth-error.ts'
import type { OidcProvider, RequestLimits } from './provider.ts'

const timeoutMs = 5_000

export interface TokensToRevoke {
  refreshToken?: Secret
  accessToken?: Secret
  /** The provider has ended the sign-in itself, so that its tokens may be gone already. */
  isOver?: boolean
}

/**
 * Revokes tokens that are no longer needed (RFC 7009), the refresh token first: with it the grant usually ends.
 * `not-supported` when the provider has no such endpoint, or revokes none of these tokens. Errors: as any request's.
 */
export async function revokeTokens(
  provider: OidcProvider,
  tokens: TokensToRevoke,
  limits: RequestLimits = {},
): Promise<'revoked' | 'not-supported'> {
  if (!provider.supports.revocation) return 'not-supported'
  const named = [
    { token: tokens.refreshToken, hint: 'refresh_token' },
    { token: tokens.accessToken, hint: 'access_token' },
  ]
  let revoked = tokens.isOver === true
  for (const { token, hint } of named) {
    if (token === undefined) continue
    const reply = await askToRevoke(provider, token, hint, { timeoutMs, ...limits })
    if (isGone(reply) || (revoked && isNo(reply))) revoked = true
    else if (!isOfOtherType(reply)) {
      const { issuer, client } = provider
      throw requestError(reply, client, { failure: t('Token revocation failed at {issuer}', { issuer }) })
    }
  }
  return revoked ? 'revoked' : 'not-supported'
}

function askToRevoke(
  provider: OidcProvider,
  token: Secret,
  hint: string,
  limits: RequestLimits,
): Promise<Reply<void>> {
  return sendRequest(provider, limits, (openid, configuration) =>
    openid.tokenRevocation(configuration, token.reveal(), { token_type_hint: hint }),
  )
}

const saysUnknown =
  /\btoken (?:is |was |has been |already )*(?:not found|unknown|invalid|expired|revoked|does not exist)\b|\b(?:unknown|invalid|expired|revoked|no such) (?:(?:refresh|access) )?token\b(?! type)/i

type Failed = Exclude<Reply<void>, { kind: 'success' }>

/**
 * Whether the token is good for nothing now. RFC 7009 section 2.2 says 200, also for one that is unknown; servers without anything
 * to say answer 204, and some name an unknown token with an error, whatever the status; better-auth with one that only its
 * description tells from a faulty request.
 */
function isGone(reply: Reply<void>): reply is Exclude<Reply<void>, Failed> {
  if (reply.kind === 'error') {
    const { serverMessage = '' } = readServerError(reply.answer)
    const unknown = reply.error === 'invalid_request' && saysUnknown.test(serverMessage)
    return unknown || ['invalid_token', 'invalid_grant'].includes(reply.error)
  }
  return reply.answer.status >= 200 && reply.answer.status < 300
}

/** The access token ends with the refresh token (RFC 7009 section 2.1), and then it is no token any more. */
function isNo(reply: Failed): boolean {
  const { status } = reply.answer
  if (isTransientStatus(status)) return false
  return reply.kind === 'error' ? !isTemporary(reply) : status >= 400 && status < 500
}

/** The provider does not revoke tokens of this type. */
function isOfOtherType(reply: Failed): boolean {
  return reply.kind === 'error' && reply.error === 'unsupported_token_type'
}

/**
 * Where the browser ends the provider's own session (RP-Initiated Logout 1.0); undefined when the provider has no such
 * page. The client is named by its id alone: an `id_token_hint` would put a token into a URL; `openEndSessionPage` posts it.
 */
export function endSessionUrl({ client, metadata }: OidcProvider): string | undefined {
  if (metadata.end_session_endpoint === undefined) return undefined
  const url = new URL(metadata.end_session_endpoint)
  url.searchParams.set('client_id', client.clientId)
  return url.href
}
