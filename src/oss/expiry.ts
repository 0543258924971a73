import { misuse, t } from '../kit/index.ts'
import { refused } from './refused.ts'
import type { CheckedCredentials } from './signing-credentials.ts'
import type { ReadSigningOptions } from './signing-options.ts'

/** Seven days, what V4 allows. */
const longestV4Seconds = 604_800

/** A URL ends with the credentials, sooner than was asked for. */
export interface ExpiryNotice {
  code: 'expires-capped'
  /** One sentence in English, without secrets. */
  message: string
  /** When the URL ends. */
  expiresAt: Date
  expiresSeconds: number
}

/**
 * How many seconds a URL is valid: what was requested, or what is left of the credentials' lifetime if that is less, of which
 * `onNotice` hears. @throws SesameError ERR_USAGE for more seconds than V4 allows
 */
export function chooseExpiry(
  { expiresSeconds, onNotice, now }: ReadSigningOptions,
  { expiresAt }: CheckedCredentials,
  version: 'V1' | 'V4',
): number {
  if (version === 'V4' && expiresSeconds > longestV4Seconds)
    throw misuse('options.expiresSeconds', t('at most {seconds} (7 days)', { seconds: longestV4Seconds }))
  if (expiresAt === undefined) return expiresSeconds
  const left = unixSeconds(expiresAt) - unixSeconds(now)
  if (!(left >= 1)) throw refused(t('The credentials expire within this second.'))
  if (expiresSeconds <= left) return expiresSeconds
  onNotice?.({
    code: 'expires-capped',
    message: t('The URL ends with the credentials in {left} s, not in {wanted} s.', {
      left,
      wanted: expiresSeconds,
    }),
    expiresAt: new Date((unixSeconds(now) + left) * 1000),
    expiresSeconds: left,
  })
  return left
}

/** Whole seconds since 1970. */
export function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
