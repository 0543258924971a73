import { parseSecureUrl, printable, SesameError } from '../kit/index.ts'
import type { VerificationUri } from './device-flow-dialect.ts'

/** Longer than any real address; a server that sends more has something else in mind. */
const longestUri = 2048

/**
 * Judges an address that the server wants the person to visit. Only https (http on literal loopback) without user
 * information passes; it may be opened only when its host is the provider's own. Where the provider is one of a vendor's, hosts
 * below any of `vendorDomains`, any host of that vendor will do; a foreign provider must not lead to the vendor's genuine page.
 * Anything else is shown as text for the person to judge, or refused when it is no web address at all.
 */
export function judgeVerificationUri(
  uri: string,
  provider: URL,
  vendorDomains: readonly string[] = [],
): VerificationUri {
  if (uri.length > longestUri) throw refused('is too long')
  if (!/^https?:\/\//i.test(uri)) throw refused(`is no web address: ${printable(uri, 80)}`)
  let url: URL
  try {
    url = parseSecureUrl(uri, 'The verification address')
  } catch (cause) {
    throw refused(`cannot be trusted: ${printable(uri, 80)}`, cause)
  }
  const ownHost = url.hostname === provider.hostname
  const ofVendor = ({ hostname }: URL) => vendorDomains.some((domain) => hostname.endsWith(`.${domain}`))
  return { text: printable(url.href, longestUri), mayOpen: ownHost || (ofVendor(url) && ofVendor(provider)) }
}

function refused(reason: string, cause?: unknown): SesameError {
  return new SesameError('ERR_RESPONSE_INVALID', `The verification address from the server ${reason}.`, {
    cause,
  })
}
