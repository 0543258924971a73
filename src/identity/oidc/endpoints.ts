import type { ServerMetadata } from 'openid-client'
import { parseSecureUrl, printable, SesameError, shellWord } from '../../kit/index.ts'

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
 * Providers whose endpoints are known to live elsewhere: the host of the issuer, and of the endpoints. An instance of EIAM may
 * name the hosts of its vendor, but not those of other customers.
 */
const knownHomes: readonly (readonly [RegExp, RegExp])[] = [
  [/^accounts\.google\.com$/, /^(?:oauth2|www|openidconnect)\.googleapis\.com$/],
  [/^sts\.windows\.net$/, /^login\.(?:microsoftonline\.com|windows\.net)$/],
  [/^eiam-[\w-]+\.aliyuncs\.com$/, /(?:^eiam-[\w-]+\.aliyuncs\.com|\.aliyunidaas\.com)$/],
  [/\.aliyunidaas\.com$/, /^eiam-[\w-]+\.aliyuncs\.com$/],
]

/**
 * Checks every endpoint of a discovery document: https, or http on a literal loopback address when the issuer itself
 * is at home there; on the issuer's own host, one that is known to belong to it, or one that the client trusts. Errors:
 * ERR_INSECURE_URL and ERR_CONFIG with both addresses, ERR_RESPONSE_INVALID.
 */
export function checkEndpoints(
  metadata: ServerMetadata,
  issuer: string,
  trustedHosts: readonly string[] = [],
): void {
  const home = new URL(issuer)
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
    if (!isAtHome(url, home) && !trustedHosts.includes(url.hostname)) {
      const hosts = [...trustedHosts, url.hostname].join(' ')
      throw new SesameError(
        'ERR_CONFIG',
        `The ${name} of ${issuer} is on another host: ${printable(address, 200)}`,
        {
          hint: `If that is right: sesame configure --profile NAME --trusted-hosts ${shellWord(hosts)}`,
        },
      )
    }
  }
}

function isAtHome(url: URL, home: URL): boolean {
  if (url.hostname === home.hostname) return true
  return knownHomes.some(([issuer, endpoint]) => issuer.test(home.hostname) && endpoint.test(url.hostname))
}

/** The addresses of the provider: where its pages may be opened. */
export function homesOf(metadata: ServerMetadata, issuer: string): URL[] {
  const addresses = endpoints.map((name) => metadata[name]).filter((address) => address !== undefined)
  return [issuer, ...addresses].map((address) => new URL(address))
}
