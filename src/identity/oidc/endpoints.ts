import type { ServerMetadata } from 'openid-client'
import { SesameError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import { parseSecureUrl } from '../../secure-url.ts'

/** The members of a discovery document that name an address we, or the person's browser, may go to. */
const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'device_authorization_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
] as const
const required: readonly string[] = ['token_endpoint', 'jwks_uri']

/**
 * Checks every endpoint of a discovery document: https, or http on a literal loopback address when the issuer itself
 * is at home there. Other hosts than the issuer's are usual (Google, Entra ID, EIAM) and returned, to be logged. Errors:
 * ERR_INSECURE_URL with both addresses, ERR_RESPONSE_INVALID.
 */
export function checkEndpoints(metadata: ServerMetadata, issuer: string): string[] {
  const home = new URL(issuer)
  const foreign = new Set<string>()
  for (const name of endpoints) {
    const address = metadata[name] as unknown
    if (address === undefined && !required.includes(name)) continue
    if (typeof address !== 'string' || !URL.canParse(address)) {
      throw new SesameError('ERR_RESPONSE_INVALID', `The provider ${issuer} announces no usable ${name}.`)
    }
    const url = parseSecureUrl(address, `The ${name} of ${issuer}`)
    if (url.protocol !== home.protocol && url.protocol === 'http:') {
      throw new SesameError(
        'ERR_INSECURE_URL',
        `The ${name} of ${issuer} must be https too, not ${printable(address, 200)}`,
      )
    }
    if (url.host !== home.host) foreign.add(url.host)
  }
  return [...foreign]
}

/** The addresses of the provider: where its pages may be opened. */
export function homesOf(metadata: ServerMetadata, issuer: string): URL[] {
  const addresses = endpoints.map((name) => metadata[name]).filter((address) => address !== undefined)
  return [issuer, ...addresses].map((address) => new URL(address))
}
