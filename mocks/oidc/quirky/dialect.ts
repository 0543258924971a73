import type { Reply } from '../../http/reply.ts'

/** How one provider's answers differ from another's. Statuses are those of error answers. */
export interface Dialect {
  /** Path of the issuer; with the slash at the end where the provider has one. */
  issuerPath: string
  paths: Record<'authorization' | 'device' | 'token' | 'jwks' | 'page', string> & {
    revocation?: string
    endSession?: string
    userInfo?: string
  }
  /** What discovery says the issuer is, when that is not what the client asked. */
  announcedIssuer?: (url: string) => string
  userCode(): string
  deviceCodeSeconds: number
  idTokenSeconds: number
  accessTokenSeconds: number
  status: { pending: number; slowDown: number; denied: number; other: number }
  /** The words for what other providers call so. */
  words?: Partial<Record<DeviceError, string>>
  /** By how much a slow_down raises the wait of a device code. */
  slowDownSeconds: number
  /** Renames, adds or takes away members of the device answer. */
  deviceAnswer?: (answer: DeviceAnswer) => object
  /** Members of a token answer besides the usual ones. */
  tokenExtras?: () => object
  /** Members of every error answer besides `error`; `description` is ours. */
  errorExtras: (error: string, description: string) => object
  /** Whether a challenge that was sent with a device request is checked. */
  devicePkce: 'checked' | 'ignored'
  /** Whether a client without a secret is refused. */
  secretRequired?: boolean
  /** The only place where id and secret are read, at every endpoint; `basic-raw` does not decode them. Default: any. */
  takesSecret?: 'basic' | 'basic-raw' | 'post'
  /** What discovery says about that. */
  announcedAuthentication?: readonly string[]
  /** What a refused client gets, in place of `invalid_client` with status 401. */
  refusedClient?: (description: string) => Reply
  /** Further members of the discovery document. */
  discoveryExtras?: object
  /** Scopes that are known, when others are refused. */
  scopes?: readonly string[]
  /** When a refresh token is handed out: asked for by scope, or always. */
  refreshTokens: 'offline_access' | 'always'
  /** What happens to a refresh token that was used. */
  rotation: 'one-time' | 'new-one-old-still-good' | 'none'
  /** How many random bytes a refresh token is made of. Default 32; some providers send two kilobytes. */
  refreshTokenBytes?: number
  /** Access tokens are opaque, always or unless an `audience` was asked for. */
  opaqueAccessTokens?: 'always' | 'without-audience'
  /** Claims of the ID token besides those of OpenID Connect Core section 2. */
  claims: (clientId: string) => object
  /** Claims at the UserInfo endpoint beside `sub`, where there is one. */
  userInfo?: () => object
}

export type DeviceError = 'access_denied' | 'expired_token' | 'invalid_grant'

/** RFC 8628 section 3.2. */
interface DeviceAnswer {
  device_code: string
  user_code: string
  verification_uri: string
  verification_uri_complete: string
  expires_in: number
  interval: number
}
