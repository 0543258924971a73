import type { ClientAuth, Configuration, ServerMetadata } from 'openid-client'
import { defaultClockToleranceSeconds } from '../../jwt/index.ts'
import { readServerClock, systemClock } from '../../kit/index.ts'
import { wantsSecretInBody } from './known-providers.ts'
import type { OidcProvider } from './provider.ts'

export type OpenidClient = typeof import('./openid-client.ts')

/** openid-client takes longer to load than a cached answer takes altogether, so it is loaded with the first request. */
export const loadOpenidClient = (): Promise<OpenidClient> => import('./openid-client.ts')

/**
 * How the secret of a client is sent (RFC 6749 section 2.3.1): by the Basic scheme, form-encoded as the RFC says; the same as it
 * is, for servers that do not decode it; or as parameters of the body.
 */
export type ClientAuthentication = 'basic' | 'basic-raw' | 'post'

/**
 * The ways that can be tried, the best first: the one that was accepted before; else Basic, which every server must understand,
 * unless discovery announces the body alone or the provider is known to want it. Undefined stands for a public client, which has no other.
 */
export function authenticationsOf({
  client: { clientId, clientSecret, clientAuth },
  metadata,
  authentication,
}: OidcProvider): readonly (ClientAuthentication | undefined)[] {
  if (clientSecret === undefined) return [undefined]
  const secret = clientSecret.reveal()
  const rawDiffers = basicOf('basic', clientId, secret) !== basicOf('basic-raw', clientId, secret)
  const ways: ClientAuthentication[] = []
  if (takes('basic', clientAuth, metadata)) {
    ways.push('basic')
    // The first colon ends the id (RFC 7617 section 2).
    if (rawDiffers && !clientId.includes(':')) ways.push('basic-raw')
  }
  if (takes('post', clientAuth, metadata)) ways.push('post')
  const best = authentication.method ?? (wantsSecretInBody(metadata) ? 'post' : 'basic')
  return [...ways.filter((way) => way === best), ...ways.filter((way) => way !== best)]
}

/** Whether it may be tried: as the profile says, else as discovery announces (default Basic, RFC 8414 section 2). */
function takes(way: 'basic' | 'post', configured: string | undefined, metadata: ServerMetadata): boolean {
  if (configured !== undefined) return configured === way
  const announced = announcedMethods(metadata)
  const withSecret = announced?.filter((method) => /^client_secret_(?:basic|post)$/.test(method)) ?? []
  if (withSecret.length > 0) return withSecret.includes(`client_secret_${way}`)
  return way === 'basic' || announced === undefined
}

/** The ways of client authentication that the discovery document names; undefined where it names none. */
export function announcedMethods({
  token_endpoint_auth_methods_supported: methods,
}: ServerMetadata): string[] | undefined {
  return Array.isArray(methods) ? methods.filter((method) => typeof method === 'string') : undefined
}

/** What openid-client calls to put id and secret into a request. Its own Basic escapes more than many servers decode. */
export function authenticate(
  openid: OpenidClient,
  way: ClientAuthentication | undefined,
  secret: string,
): ClientAuth {
  if (way === undefined) return openid.None()
  if (way === 'post') return openid.ClientSecretPost(secret)
  return (_server, client, _body, headers) =>
    headers.set('authorization', `Basic ${basicOf(way, client.client_id, secret)}`)
}

function basicOf(way: 'basic' | 'basic-raw', clientId: string, secret: string): string {
  const encode = way === 'basic' ? formEncoded : (text: string) => text
  return Buffer.from(`${encode(clientId)}:${encode(secret)}`, 'utf8').toString('base64')
}

/**
 * RFC 6749 appendix B. Unreserved characters (RFC 3986 section 2.3) stay as they are: a server that decodes sees no difference, and
 * one that does not reads them right.
 */
function formEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** What is known about a request whose client was refused, whichever way it was sent. */
export interface RefusedClient {
  /** The ways that were tried; undefined for a client without a secret. */
  tried: readonly (ClientAuthentication | undefined)[]
  /** The ways that the provider announces. */
  announced: readonly string[] | undefined
}

/** openid-client's view of provider and client, made anew for each request, as each has a fetch of its own. */
export function configure(
  openid: OpenidClient,
  provider: OidcProvider,
  way?: ClientAuthentication,
): Configuration {
  const { client, metadata } = provider
  const configuration = new openid.Configuration(
    metadata,
    client.clientId,
    {
      [openid.clockSkew]: skewSeconds(provider),
      [openid.clockTolerance]: defaultClockToleranceSeconds,
    },
    authenticate(openid, way, client.clientSecret?.reveal() ?? ''),
  )
  // Time-outs are those of our fetch.
  configuration.timeout = 0
  // Discovery let http through on a literal loopback address only.
  if (client.issuer.startsWith('http:')) openid.allowInsecureRequests(configuration)
  return configuration
}

/** openid-client reads the system's clock, whatever clock we were given, so the provider's is compared with that one. */
function skewSeconds({ clockReading, context: { clock } }: OidcProvider): number {
  const serverNow = readServerClock(clockReading, clock.now(), clock.bootedAt())
  return Math.round((serverNow.getTime() - systemClock.now().getTime()) / 1000)
}
