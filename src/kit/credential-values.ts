import { type Credentials, formatInstant } from './credentials.ts'
import { speakable } from './unsafe-output.ts'

/** Credentials laid open, ready to be written: each value checked, the expiry spelled as `…Z`. */
export interface CredentialValues {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  /** `2026-11-21T08:00:00Z` */
  expiration: string
}

/**
 * Lays credentials open for stdout or a child's environment.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that is empty or holds NUL, CR, LF or a lone surrogate
 */
export function credentialValues(credentials: Credentials): CredentialValues {
  return {
    accessKeyId: speakable('access key id', credentials.accessKeyId),
    accessKeySecret: speakable('access key secret', credentials.accessKeySecret.reveal()),
    securityToken: speakable('security token', credentials.securityToken.reveal()),
    expiration: formatInstant(credentials.expiresAt),
  }
}
