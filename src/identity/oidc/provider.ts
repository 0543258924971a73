import type { ServerMetadata } from 'openid-client'
import type { JwksSource } from '../../jwt/index.ts'
import type { OidcClient, OidcContext } from './oidc-client.ts'

/** An OpenID provider that was discovered and checked, with our client there. Opaque but for what it can do. */
export interface OidcProvider {
  readonly issuer: string
  readonly supports: {
    /** Device authorization (RFC 8628). */
    device: boolean
    /** Authorization code. */
    code: boolean
    /** Token revocation (RFC 7009). */
    revocation: boolean
    /** RP-initiated logout. */
    endSession: boolean
  }
  readonly client: OidcClient
  readonly context: OidcContext
  /** Its discovery document; every endpoint in it was checked. */
  readonly metadata: ServerMetadata
  /** The keys it signs ID tokens with. */
  readonly keys: JwksSource
}
