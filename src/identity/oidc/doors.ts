import type { Secret } from '../../kit/index.ts'
import type { DeviceFlowDialect, TokenSet } from '../device-flow-dialect.ts'
import type { CodeFlowOptions } from './code-flow.ts'
import type { OidcClient, OidcContext, RequestLimits } from './oidc-client.ts'
import type { OidcProvider } from './provider.ts'
import type { RefreshedTokens, RefreshOptions } from './refresh-tokens.ts'

/*
 * Doors to what speaks OpenID Connect. openid-client takes longer to load than a cached answer takes altogether, so it is
 * loaded with the first request to a provider.
 */

/** See `discover-provider.ts`. */
export async function discoverProvider(client: OidcClient, context: OidcContext): Promise<OidcProvider> {
  return (await import('./discover-provider.ts')).discoverProvider(client, context)
}

/** See `device-dialect.ts`. */
export function createOidcDialect(provider: OidcProvider): DeviceFlowDialect {
  const dialect = () => import('./device-dialect.ts').then((loaded) => loaded.createOidcDialect(provider))
  return {
    startDeviceAuthorization: async (...asked) => (await dialect()).startDeviceAuthorization(...asked),
    redeemDeviceCode: async (...asked) => (await dialect()).redeemDeviceCode(...asked),
  }
}

/** See `code-flow.ts`. */
export async function runCodeFlow(provider: OidcProvider, options: CodeFlowOptions): Promise<TokenSet> {
  return (await import('./code-flow.ts')).runCodeFlow(provider, options)
}

/** See `refresh-tokens.ts`. */
export async function refreshTokens(
  provider: OidcProvider,
  refreshToken: Secret,
  options?: RefreshOptions,
): Promise<RefreshedTokens> {
  return (await import('./refresh-tokens.ts')).refreshTokens(provider, refreshToken, options)
}

/** See `revoke-tokens.ts`. */
export async function revokeTokens(
  provider: OidcProvider,
  tokens: { refreshToken?: Secret; accessToken?: Secret },
  limits?: RequestLimits,
): Promise<'revoked' | 'not-supported'> {
  return (await import('./revoke-tokens.ts')).revokeTokens(provider, tokens, limits)
}
