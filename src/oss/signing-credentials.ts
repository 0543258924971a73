/** Keys to sign with; what `createCredentialsProvider().getCredentials()` gives fits as it is. */
export interface OssCredentials {
  accessKeyId: string
  accessKeySecret: string
  /** Of temporary keys; signing puts it into the headers or into the URL, never into both. */
  securityToken?: string | undefined
  /** When the keys die. A URL is not made to live longer than they do. */
  expiresAt?: Date | undefined
  /** Another name for `expiresAt`, as `createCredentialsProvider()` calls it. */
  expiration?: Date | undefined
}

/** Credentials that have been checked. */
export interface CheckedCredentials {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string | undefined
  expiresAt: Date | undefined
}

/** @throws TypeError for what is no credential, and for one that has expired at `now` */
export function checkCredentials(credentials: OssCredentials, now: Date): CheckedCredentials {
  const { accessKeyId, accessKeySecret, securityToken, expiration } = credentials
  const { expiresAt = expiration } = credentials
  if (!isPlain(accessKeyId) || /[,/:]/.test(accessKeyId))
    throw new TypeError('credentials.accessKeyId must be a key id.')
  if (typeof accessKeySecret !== 'string' || accessKeySecret === '')
    throw new TypeError('credentials.accessKeySecret must be a string.')
  if (securityToken !== undefined && securityToken !== '' && !isPlain(securityToken))
    throw new TypeError('credentials.securityToken must be printable ASCII without spaces.')
  if (expiresAt !== undefined) {
    if (!(expiresAt instanceof Date) || Number.isNaN(expiresAt.getTime()))
      throw new TypeError('credentials.expiresAt must be a valid Date.')
    if (expiresAt <= now) throw new TypeError(`The credentials expired at ${expiresAt.toISOString()}.`)
  }
  return { accessKeyId, accessKeySecret, securityToken: securityToken || undefined, expiresAt }
}

function isPlain(text: unknown): text is string {
  return typeof text === 'string' && /^[\x21-\x7e]+$/.test(text)
}
