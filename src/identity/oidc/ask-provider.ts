import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  clockTolerance,
  customFetch,
  None,
} from 'openid-client'
import { type Exchange, exchange } from './exchange.ts'
import type { RequestLimits } from './oidc-client.ts'
import type { OidcProvider } from './provider.ts'

/**
 * openid-client would judge an ID token's times by the local clock, which may be wrong. They are judged in
 * `check-id-token.ts` by the provider's own, so here any time will do.
 */
const anyTimeSeconds = 100 * 365 * 24 * 3600

/**
 * One request of openid-client to the provider, authenticated as our client. See `exchange` for what comes back and what
 * is thrown.
 */
export function askProvider<T>(
  provider: OidcProvider,
  { signal = provider.context.signal, timeoutMs, limitMs }: RequestLimits,
  request: (configuration: Configuration) => Promise<T>,
): Promise<Exchange<T>> {
  return exchange(provider.context.fetch, { signal, timeoutMs, limitMs }, (viaOurs) => {
    const configuration = configure(provider)
    configuration[customFetch] = viaOurs
    return request(configuration)
  })
}

/** openid-client's view of provider and client, made anew for each request, as each has a fetch of its own. */
export function configure({ client, metadata }: OidcProvider): Configuration {
  const configuration = new Configuration(
    metadata,
    client.clientId,
    { [clockTolerance]: anyTimeSeconds },
    authentication(client.clientSecret?.reveal(), metadata.token_endpoint_auth_methods_supported),
  )
  // Time-outs are those of our fetch.
  configuration.timeout = 0
  // Discovery let http through on a literal loopback address only.
  if (client.issuer.startsWith('http:')) allowInsecureRequests(configuration)
  return configuration
}

/** Basic, which every server must understand (RFC 6749 section 2.3.1), unless discovery says that only the body will do. */
function authentication(secret: string | undefined, methods: readonly string[] | undefined): ClientAuth {
  if (secret === undefined) return None()
  const onlyPost =
    Array.isArray(methods) &&
    methods.includes('client_secret_post') &&
    !methods.includes('client_secret_basic')
  return onlyPost ? ClientSecretPost(secret) : ClientSecretBasic(secret)
}
