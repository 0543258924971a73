import type { Secret } from '../../kit/index.ts'
import { sendRequest } from './client-request.ts'
import { requestError } from './oauth-error.ts'
import type { OidcProvider, RequestLimits } from './provider.ts'

const timeoutMs = 5_000

/**
 * Revokes tokens that are no longer needed (RFC 7009), the refresh token first: with it the grant usually ends.
 * `not-supported` when the provider has no such endpoint, or revokes none of these tokens. Errors: as any request's.
 */
export async function revokeTokens(
  provider: OidcProvider,
  tokens: { refreshToken?: Secret; accessToken?: Secret },
  limits: RequestLimits = {},
): Promise<'revoked' | 'not-supported'> {
  if (!provider.supports.revocation) return 'not-supported'
  const named = [
    { token: tokens.refreshToken, hint: 'refresh_token' },
    { token: tokens.accessToken, hint: 'access_token' },
  ]
  let revoked = 0
  for (const { token, hint } of named) {
    if (token !== undefined && (await revoke(provider, token, hint, { timeoutMs, ...limits }))) revoked++
  }
  return revoked > 0 ? 'revoked' : 'not-supported'
}

/** False when the provider does not revoke tokens of this type. */
async function revoke(
  provider: OidcProvider,
  token: Secret,
  hint: string,
  limits: RequestLimits,
): Promise<boolean> {
  const reply = await sendRequest(provider, limits, (openid, configuration) =>
    openid.tokenRevocation(configuration, token.reveal(), { token_type_hint: hint }),
  )
  if (reply.kind === 'success' || isOtherSuccess(reply)) return true
  if (reply.kind === 'error' && reply.error === 'unsupported_token_type') return false
  const { issuer, client } = provider
  throw requestError(reply, client, { failure: `Token revocation failed at ${issuer}` })
}

/** RFC 7009 section 2.2 says 200, and openid-client takes nothing else; servers without anything to say answer 204. */
function isOtherSuccess({ kind, answer: { status } }: { kind: string; answer: { status: number } }): boolean {
  return kind === 'invalid' && status > 200 && status < 300
}

/**
 * Where the browser ends the provider's own session (RP-Initiated Logout 1.0); undefined when the provider has no such
 * page. The client is named by its id alone: an `id_token_hint` would put a token into a URL.
 */
export function endSessionUrl({ client, metadata }: OidcProvider): string | undefined {
  if (metadata.end_session_endpoint === undefined) return undefined
  const url = new URL(metadata.end_session_endpoint)
  url.searchParams.set('client_id', client.clientId)
  return url.href
}
