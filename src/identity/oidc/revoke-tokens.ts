import { tokenRevocation } from 'openid-client'
import type { Secret } from '../../kit/index.ts'
import { askProvider } from './ask-provider.ts'
import type { RequestLimits } from './oidc-client.ts'
import type { OidcProvider } from './provider.ts'
import { errorOf, refusal } from './refusal.ts'

const timeoutMs = 5_000

/**
 * Tells the provider that tokens are no longer needed (RFC 7009), the refresh token first: with it the grant usually
 * ends. `not-supported` when the provider has no such endpoint, or takes none of these tokens back. Errors: as any
 * request's.
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

/** False when the provider does not take back tokens of this type. */
async function revoke(
  provider: OidcProvider,
  token: Secret,
  hint: string,
  limits: RequestLimits,
): Promise<boolean> {
  const { answer } = await askProvider(provider, limits, (configuration) =>
    tokenRevocation(configuration, token.reveal(), { token_type_hint: hint }),
  )
  const error = errorOf(answer)
  if (error === undefined && answer.status >= 200 && answer.status < 300) return true
  if (error === 'unsupported_token_type') return false
  const { issuer, client } = provider
  throw refusal(answer, `The provider ${issuer} did not take the tokens back`, {
    issuer,
    clientId: client.clientId,
  })
}
