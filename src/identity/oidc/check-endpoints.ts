import type { ServerMetadata } from 'openid-client'
import { parseSecureUrl, parseUrl, printable, SesameError, shellWord, t } from '../../kit/index.ts'
import { isKnownEndpointHost } from './known-providers.ts'

/** The members of a discovery document that name an address we, or the user's browser, may go to. */
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
 * is there; on the issuer's own host, one that is known to belong to it, or one that the client trusts. Errors:
 * ERR_INSECURE_URL and ERR_CONFIG with both addresses, ERR_RESPONSE_INVALID.
 */
export function checkEndpoints(
  metadata: ServerMetadata,
  issuer: string,
  trustedHosts: readonly string[] = [],
): void {
  for (const name of endpoints) {
    const address = metadata[name] as unknown
    if (address !== undefined || required.includes(name))
      checkEndpoint(name, address, { issuer, trustedHosts })
  }
}

/** One endpoint of a discovery document; the errors are those of all. */
export function checkEndpoint(
  name: string,
  address: unknown,
  { issuer, trustedHosts = [] }: { issuer: string; trustedHosts?: readonly string[] | undefined },
): URL {
  const home = new URL(issuer)
  if (typeof address !== 'string' || parseUrl(address) === undefined) {
    throw new SesameError(
      'ERR_RESPONSE_INVALID',
      t('The provider {issuer} announces no usable {name}.', { issuer, name }),
    )
  }
  const url = parseSecureUrl(address, t('The {name} of {issuer}', { name, issuer }))
  if (url.protocol !== home.protocol && url.protocol === 'http:') {
    throw new SesameError(
      'ERR_INSECURE_URL',
      t('The {name} of {issuer} must be https too, not {address}', {
        name,
        issuer,
        address: printable(address, 200),
      }),
    )
  }
  const isOwn = url.hostname === home.hostname || isKnownEndpointHost(url.hostname, home)
  if (!isOwn && !trustedHosts.includes(url.hostname)) {
    const hosts = [...trustedHosts, url.hostname].join(' ')
    throw new SesameError(
      'ERR_CONFIG',
      t('The {name} of {issuer} is on another host: {address}', {
        name,
        issuer,
        address: printable(address, 200),
      }),
      {
        hint: t('If that is right: sesame configure --profile NAME --trusted-hosts {hosts}', {
          hosts: shellWord(hosts),
        }),
      },
    )
  }
  return url
}

/** The addresses of the provider: where its pages may be opened. */
export function addressesOf(metadata: ServerMetadata, issuer: string): URL[] {
  const addresses = endpoints.map((name) => metadata[name]).filter((address) => address !== undefined)
  return [issuer, ...addresses].map((address) => new URL(address))
}
