/** Who presses the buttons on the provider's pages. */
export type OidcApproval = 'manual' | 'auto' | 'deny' | { afterPolls: number }

/**
 * What the device grant does about PKCE, which RFC 8628 does not define: checks it, ignores the parameters, or answers
 * `invalid_request` to them.
 */
export type DevicePkce = 'required' | 'ignored' | 'rejected'

/** A client as the provider knows it; it may use the device, code and refresh grants. */
export interface OidcClient {
  clientId: string
  /** With it the client is confidential. */
  clientSecret?: string
  /** How it authenticates; default `none` without a secret, `client_secret_basic` with one. */
  authMethod?: 'none' | 'client_secret_basic' | 'client_secret_post'
  /** Default `http://127.0.0.1/callback` and `http://127.0.0.1/`, with any port. */
  redirectUris?: readonly string[]
}

export interface OidcProviderOptions {
  /** 0 (default) takes any free port. */
  port?: number
  /** Serve https with this key and certificate (PEM). */
  tls?: { key: string; cert: string }
  /** The issuer when it is not `url`, as behind a proxy that maps names. */
  publicUrl?: string
  /** Besides the three that are always there. */
  clients?: readonly OidcClient[]
  /** Claims by login name. Default: `dev`. Any password will do. */
  users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Shortest wait before each poll, enforced. May be a fraction. Default 5. */
  intervalSeconds?: number
  /** What is sent as `interval`. Default: `intervalSeconds` if that is given, else nothing, as oidc-provider does. */
  wireIntervalSeconds?: number
  /** false: a poll that comes too soon is recorded in `violations` but answered as if in time. Default true: slow_down. */
  enforceInterval?: boolean
  /** By how much a slow_down raises the wait of that device code. Default 5. */
  slowDownSeconds?: number
  /** Lifetime of a device code. Whole seconds, as all lifetimes. Default 600. */
  deviceCodeSeconds?: number
  /** Life of an ID token. Default 300, IdentityServer's. */
  idTokenSeconds?: number
  /** Life of an access token. Default 3600. */
  accessTokenSeconds?: number
  /** Life of a refresh token. Default 30 days. */
  refreshTokenSeconds?: number
  /** false: a refresh token may be used again and again. Default true, with detection of reuse. */
  rotateRefreshTokens?: boolean
  /** false: `offline_access` counts in an authorization request only together with `prompt=consent`. Default true. */
  offlineWithoutPrompt?: boolean
  /** Default `required`. */
  devicePkce?: DevicePkce
  /** `aud` of the access tokens, which are `at+jwt`. Default `https://api.example.test`. */
  apiAudience?: string
  /** What tokens are signed with. Default RS256. */
  signingAlgorithm?: 'RS256' | 'ES256'
  /** Default `manual`: a person on the pages, or `approve(userCode)`. */
  approve?: OidcApproval
  /** Delay before each answer. */
  latencyMs?: number
}

export type OidcSettings = Required<
  Omit<OidcProviderOptions, 'port' | 'tls' | 'publicUrl' | 'wireIntervalSeconds' | 'latencyMs'>
> & { wireIntervalSeconds: number | undefined }

export const publicClientId = 'sesame-cli'
export const basicClientId = 'sesame-basic'
export const postClientId = 'sesame-post'

const users = {
  dev: { preferred_username: 'dev', name: 'Devi Developer', email: 'dev@example.test', email_verified: true },
}

export function withDefaults(options: OidcProviderOptions): OidcSettings {
  return {
    clients: options.clients ?? [],
    users: options.users ?? users,
    intervalSeconds: options.intervalSeconds ?? 5,
    wireIntervalSeconds: options.wireIntervalSeconds ?? options.intervalSeconds,
    enforceInterval: options.enforceInterval ?? true,
    slowDownSeconds: options.slowDownSeconds ?? 5,
    deviceCodeSeconds: options.deviceCodeSeconds ?? 600,
    idTokenSeconds: options.idTokenSeconds ?? 300,
    accessTokenSeconds: options.accessTokenSeconds ?? 3600,
    refreshTokenSeconds: options.refreshTokenSeconds ?? 2_592_000,
    rotateRefreshTokens: options.rotateRefreshTokens ?? true,
    offlineWithoutPrompt: options.offlineWithoutPrompt ?? true,
    devicePkce: options.devicePkce ?? 'required',
    apiAudience: options.apiAudience ?? 'https://api.example.test',
    signingAlgorithm: options.signingAlgorithm ?? 'RS256',
    approve: options.approve ?? 'manual',
  }
}
