import { misuse, readDate, readOptions, t } from '../kit/index.ts'
import { refused } from './refused.ts'

/** Keys to sign with; what `createCredentialsProvider().getCredentials()` gives fits as it is. */
export interface OssCredentials {
  accessKeyId: string
  accessKeySecret: string
  /** Of temporary keys; signing puts it into the headers or into the URL, never into both. */
  securityToken?: string | undefined
  /** When the keys expire. A URL is not made to be valid for longer. */
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

/** @throws SesameError ERR_USAGE for what is no credential, and for one that has expired at `now` */
export function checkCredentials(credentials: OssCredentials, now: Date): CheckedCredentials {
  const { accessKeyId, accessKeySecret, securityToken, expiresAt, expiration } = readOptions(
    credentials,
    'credentials',
  )
  if (!isPlain(accessKeyId) || /[,/:]/.test(accessKeyId))
    throw misuse('credentials.accessKeyId', t('a key id'))
  if (typeof accessKeySecret !== 'string' || accessKeySecret === '')
    throw misuse('credentials.accessKeySecret', t('a string'))
  if (securityToken !== undefined && securityToken !== '' && !isPlain(securityToken))
    throw misuse('credentials.securityToken', t('printable ASCII without spaces'))
  const other = readDate(expiration, 'credentials.expiration')
  const end = readDate(expiresAt, 'credentials.expiresAt') ?? other
  if (end !== undefined && !(end > now))
    throw refused(t('The credentials expired at {instant}.', { instant: end.toISOString() }))
  return { accessKeyId, accessKeySecret, securityToken: securityToken || undefined, expiresAt: end }
}

function isPlain(text: unknown): text is string {
  return typeof text === 'string' && /^[\x21-\x7e]+$/.test(text)
}
