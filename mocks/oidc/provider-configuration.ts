import { randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { deviceGrantType } from './device-pkce.ts'
import type { MemoryStore } from './memory-store.ts'
import type { OidcClient, OidcSettings } from './options.ts'
import { codePage, confirmPage, logoutPage, messagePage, pagePolicy } from './page-html.ts'

/** What never changes while a provider runs, also when its keys do. */
export interface ProviderParts {
  settings: OidcSettings
  store: MemoryStore
  clients: readonly OidcClient[]
  cookieKeys: readonly string[]
  deviceInfo: (ctx: KoaContextWithOIDC) => Record<string, unknown>
}

export const makeCookieKeys = (): string[] => [randomBytes(32).toString('base64url')]

/** oidc-provider's configuration. Every function that would announce its default on the console is given. */
export function providerConfiguration(parts: ProviderParts, keys: readonly JWK[]): Configuration {
  const { settings, store } = parts
  return {
    adapter: store.adapter,
    jwks: { keys } as NonNullable<Configuration['jwks']>,
    clients: parts.clients.map((client) => metadataOf(client, settings.signingAlgorithm)),
    cookies: { keys: [...parts.cookieKeys] },
    clockTolerance: 0,
    scopes: ['openid', 'offline_access'],
    claims: {
      openid: ['sub', 'preferred_username', 'email'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: false,
    // Both lists are oidc-provider's defaults but for what no client of ours may ask.
    responseTypes: ['code'],
    pkce: { required: () => true },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, login) => {
      const claims = settings.users[login]
      return claims && { accountId: login, claims: () => ({ sub: login, ...claims }) }
    },
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('offline_access'),
    rotateRefreshToken: () => settings.rotateRefreshTokens,
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    renderError: (ctx, out) => {
      show(ctx, messagePage('This was not accepted', `${out.error}: ${out.error_description ?? ''}`))
    },
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      AuthorizationCode: 60,
      DeviceCode: settings.deviceCodeSeconds,
      Grant: settings.refreshTokenSeconds,
      IdToken: settings.idTokenSeconds,
      Interaction: 3600,
      RefreshToken: settings.refreshTokenSeconds,
      Session: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      deviceFlow: {
        enabled: true,
        deviceInfo: parts.deviceInfo,
        userCodeInputSource: (ctx, form, _out, error) => show(ctx, codePage(form, problemOf(error))),
        userCodeConfirmSource: (ctx, form, client, _info, userCode) =>
          show(ctx, confirmPage(form, client.clientId, userCode)),
        successSource: (ctx) => show(ctx, messagePage('Signed in', 'You can close this window.')),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => show(ctx, logoutPage(form)),
        postLogoutSuccessSource: (ctx) => show(ctx, messagePage('Signed out', 'You can close this window.')),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => settings.apiAudience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          // Without one of the asked scopes the answer would hold an empty `scope`, which no other provider sends.
          scope: 'openid offline_access profile email',
          audience: settings.apiAudience,
          accessTokenTTL: settings.accessTokenSeconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: settings.signingAlgorithm } },
        }),
      },
    },
  }
}

function metadataOf(client: OidcClient, algorithm: 'RS256' | 'ES256'): ClientMetadata {
  const secret = client.clientSecret === undefined ? {} : { client_secret: client.clientSecret }
  return {
    client_id: client.clientId,
    ...secret,
    token_endpoint_auth_method:
      client.authMethod ?? (client.clientSecret === undefined ? 'none' : 'client_secret_basic'),
    // Native: any port of a registered loopback address will do (RFC 8252 section 7.3).
    application_type: 'native',
    redirect_uris: [...(client.redirectUris ?? ['http://127.0.0.1/callback', 'http://127.0.0.1/'])],
    grant_types: ['authorization_code', 'refresh_token', deviceGrantType],
    response_types: ['code'],
    id_token_signed_response_alg: algorithm,
  }
}

function problemOf(error: Error | undefined): string | undefined {
  if (error === undefined) return undefined
  if (error.name === 'AbortedError') return 'The request was denied.'
  return 'This code is unknown, has expired or has been used.'
}

function show(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = 'html'
  ctx.body = html
  ctx.set('content-security-policy', pagePolicy)
}
