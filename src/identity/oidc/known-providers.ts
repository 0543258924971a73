import type { ServerMetadata } from 'openid-client'

/*
 * What is known about particular providers and cannot be learned from their discovery documents.
 */

/**
 * Providers whose endpoints are known to be elsewhere: the host of the issuer, and of the endpoints. An instance of EIAM may
 * name the hosts of its vendor, but not those of other customers.
 */
const endpointHosts: readonly (readonly [RegExp, RegExp])[] = [
  [/^accounts\.google\.com$/, /^(?:oauth2|www|openidconnect)\.googleapis\.com$/],
  [/^sts\.windows\.net$/, /^login\.(?:microsoftonline\.com|windows\.net)$/],
  [/^eiam-[\w-]+\.aliyuncs\.com$/, /(?:^eiam-[\w-]+\.aliyuncs\.com|\.aliyunidaas\.com)$/],
  [/\.aliyunidaas\.com$/, /^eiam-[\w-]+\.aliyuncs\.com$/],
]

/** Whether the endpoints of this issuer are known to be on this host. */
export function isKnownEndpointHost(hostname: string, issuer: URL): boolean {
  return endpointHosts.some(([home, endpoint]) => home.test(issuer.hostname) && endpoint.test(hostname))
}

/** Providers whose page for codes is on a host that their discovery does not name. */
const verificationPages: Readonly<Record<string, readonly string[]>> = {
  'https://accounts.google.com': ['https://www.google.com'],
  'https://login.microsoftonline.com': [
    'https://microsoft.com',
    'https://www.microsoft.com',
    'https://login.microsoft.com',
  ],
}

/** Origins where the page for codes of this issuer is known to be. */
export function knownVerificationOrigins(issuer: URL): readonly string[] {
  return verificationPages[issuer.origin] ?? []
}

/**
 * Whether device authorization reads the secret of a client from the body alone, whatever the provider announces: dex accepts
 * a request without it, and no sign-in ever comes of that. It is known by its paths, as it can be at any address.
 */
export function wantsSecretInBody({
  issuer,
  device_authorization_endpoint,
  jwks_uri,
  ...others
}: ServerMetadata): boolean {
  const ofDex = [`${issuer}/device/code`, `${issuer}/keys`, `${issuer}/token/introspect`]
  const announced = [device_authorization_endpoint, jwks_uri, others.introspection_endpoint]
  return announced.join(' ') === ofDex.join(' ')
}
