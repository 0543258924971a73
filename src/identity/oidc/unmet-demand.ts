import type { ServerMetadata } from 'openid-client'
import { t } from '../../kit/index.ts'

/*
 * What some providers want of a client and sesame has not: then the hint says what it is, and at the provider it can be switched off.
 */

const words = {
  dpop: 'The provider binds tokens to a key of the client (DPoP, RFC 9449), which sesame has not: have DPoP switched off for this client.',
  par: 'The provider wants pushed authorization requests (PAR, RFC 9126), which sesame has not: have them made optional for this client, or use --flow device.',
  requestObject:
    'The provider wants signed request objects (RFC 9101), which sesame has not: have them made optional for this client, or use --flow device.',
  key: 'The provider wants the client to prove a private key (private_key_jwt), which sesame has not: register a client that is public or has a secret.',
  certificate:
    'The provider wants a certificate of the client (mutual TLS, RFC 8705), which sesame has not: register a client that is public or has a secret.',
} as const

/** In error codes and descriptions; the first that fits is it. */
const signs: readonly (readonly [RegExp, keyof typeof words])[] = [
  [/\bdpop\b|_dpop_/i, 'dpop'],
  [/pushed[ _]authorization|\bPAR\b/i, 'par'],
  [/request[ _]object|signed request/i, 'requestObject'],
  [/private_key_jwt|client_assertion|client assertion/i, 'key'],
  [/mutual[ -]?tls|\bmtls\b|client certificate|tls_client_auth/i, 'certificate'],
]

/** What an error speaks of that sesame has not, in a hint; undefined for any other error. */
export function demandInError(error: string, description = ''): string | undefined {
  const said = `${error} ${description}`
  const found = signs.find(([sign]) => sign.test(said))
  return found && t(words[found[1]])
}

/** The same of a provider that announces it for every sign-in by browser. */
export function demandOnBrowser(metadata: ServerMetadata): string | undefined {
  if (metadata.require_pushed_authorization_requests === true) return t(words.par)
  if (metadata.require_signed_request_object === true) return t(words.requestObject)
  return undefined
}

/** The same of an access token by its type (RFC 6749 section 7.1). */
export function demandOfTokenType(tokenType: unknown): string | undefined {
  return typeof tokenType === 'string' && /^dpop$/i.test(tokenType) ? t(words.dpop) : undefined
}
