import { parseSecureUrl, printable, type Secret, SesameError, t } from '../kit/index.ts'

/** A device authorization response (RFC 8628 section 3.2), checked. */
export interface DeviceAuthorization {
  deviceCode: Secret
  /** What the user compares or types; printable. */
  userCode: string
  /** The host that the profile names, to compare those of the addresses with. */
  configuredHost: string
  verificationUri: VerificationUri
  /** The same with the code filled in, where the server gives one. */
  verificationUriComplete?: VerificationUri
  expiresInSeconds: number
  intervalSeconds: number
  /** When the server sent it, by its own clock (`Date`). */
  serverDate?: Date | undefined
}

/** An address from the server: always fit to be shown, and fit to be opened only if `mayOpen`. */
export interface VerificationUri {
  text: string
  mayOpen: boolean
}

/** RFC 8628 section 3.2: without an interval, five seconds. */
const defaultIntervalSeconds = 5
/** For servers that do not say how long a code is valid; CloudSSO's are for ten minutes. */
const defaultExpiresInSeconds = 600
const longestExpiresInSeconds = 3600

/**
 * Reads the two numbers of a device authorization response, in seconds. Decimal strings are accepted (some servers send
 * them); a value that is missing or invalid gets the default; a code that has expired already, or one that could not be
 * polled once before it expires, is refused (ERR_RESPONSE_INVALID).
 */
export function readDeviceCodeLimits(wire: { expiresIn: unknown; interval: unknown }): {
  expiresInSeconds: number
  intervalSeconds: number
} {
  const expiresIn = readNumber(wire.expiresIn)
  if (expiresIn !== undefined && expiresIn <= 0) {
    throw new SesameError(
      'ERR_RESPONSE_INVALID',
      t('The server sent a sign-in code that has already expired.'),
    )
  }
  const expiresInSeconds = Math.min(expiresIn ?? defaultExpiresInSeconds, longestExpiresInSeconds)
  const interval = readNumber(wire.interval)
  const intervalSeconds = interval !== undefined && interval > 0 ? interval : defaultIntervalSeconds
  if (intervalSeconds > longestExpiresInSeconds) {
    throw new SesameError(
      'ERR_RESPONSE_INVALID',
      t('The server sent a polling interval that is longer than any sign-in code is valid.'),
    )
  }
  return { expiresInSeconds, intervalSeconds }
}

function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Longer than any real address. */
const longestUri = 2048

/**
 * Checks an address that the server wants the user to visit. Only https (http on literal loopback) without user
 * information passes; it may be opened only when its host is the provider's own. Where the provider is one of a vendor's, hosts
 * below any of `vendorDomains`, any host of that vendor will do; a foreign provider must not lead to the vendor's genuine page.
 * Any other web address is shown as text only. Errors: ERR_RESPONSE_INVALID for what is no web address at all.
 */
export function checkVerificationUri(
  uri: string,
  provider: URL,
  vendorDomains: readonly string[] = [],
): VerificationUri {
  if (uri.length > longestUri) throw refused(t('is too long'))
  if (!/^https?:\/\//i.test(uri)) throw refused(t('is no web address: {uri}', { uri: printable(uri, 80) }))
  let url: URL
  try {
    url = parseSecureUrl(uri, t('The verification address'))
  } catch (cause) {
    throw refused(t('cannot be trusted: {uri}', { uri: printable(uri, 80) }), cause)
  }
  const ownHost = url.hostname === provider.hostname
  const ofVendor = ({ hostname }: URL) => vendorDomains.some((domain) => hostname.endsWith(`.${domain}`))
  return { text: printable(url.href, longestUri), mayOpen: ownHost || (ofVendor(url) && ofVendor(provider)) }
}

function refused(reason: string, cause?: unknown): SesameError {
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    t('The verification address from the server {reason}.', { reason }),
    {
      cause,
    },
  )
}
