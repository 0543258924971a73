import { parseStrictJsonObject, t } from '../kit/index.ts'
import { TokenInvalidError } from './token-invalid-error.ts'

/** The JOSE header of a token (RFC 7515 section 4.1); what the sender wrote, unchecked. */
export interface JwtHeader {
  alg?: unknown
  typ?: unknown
  kid?: unknown
  [name: string]: unknown
}

/** The claims of a token (RFC 7519 section 4); what the sender wrote, unchecked. */
export interface JwtClaims {
  iss?: unknown
  sub?: unknown
  aud?: unknown
  exp?: unknown
  nbf?: unknown
  iat?: unknown
  jti?: unknown
  [name: string]: unknown
}

export interface DecodedJwt {
  header: JwtHeader
  claims: JwtClaims
}

/** Longer than any token that fits into a request's headers. */
const maxLength = 64 * 1024

/**
 * Reads header and claims of a JWT in compact form **without verifying anything**: for tokens that came straight from their
 * issuer or have been verified before. Strict: canonical base64url, UTF-8, JSON objects without duplicate members, at
 * most 64 kB; a signature may be absent.
 *
 * @throws TokenInvalidError `malformed`, or `unsupported` for an encrypted token (JWE)
 */
export function decodeJwt(token: string): DecodedJwt {
  if (typeof token !== 'string' || token === '') throw malformed(t('there is no token'))
  if (token.length > maxLength) throw malformed(t('it is longer than {size} kB', { size: maxLength / 1024 }))
  if (!/^[\w.-]*$/.test(token)) throw malformed(t('it holds characters that no JWT has'))
  const parts = token.split('.', 6)
  if (parts.length === 5) throw new TokenInvalidError('unsupported', t('The token is encrypted (JWE).'))
  const [header = '', claims = '', signature = ''] = parts
  if (parts.length !== 3) throw malformed(t('it does not have three parts'))
  if (decodeBase64url(signature) === undefined) throw malformed(t('its signature is not base64url'))
  return { header: readObject(header, 'header'), claims: readObject(claims, 'claims') }
}

const base64urlText = /^[A-Za-z0-9_-]*$/

/**
 * Decodes base64url without padding (RFC 7515 section 2); undefined for anything but the one canonical spelling of its
 * bytes, so that no two texts are one token.
 */
function decodeBase64url(text: string): Buffer | undefined {
  if (!base64urlText.test(text) || text.length % 4 === 1) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

function readObject(part: string, name: 'header' | 'claims'): Record<string, unknown> {
  const bytes = decodeBase64url(part)
  if (bytes === undefined) throw malformed(t('its {part} part is not base64url', { part: name }))
  const value = parseStrictJsonObject(bytes)
  if (value === undefined)
    throw malformed(t('its {part} part is not a JSON object with distinct members', { part: name }))
  return value
}

function malformed(reason: string): TokenInvalidError {
  return new TokenInvalidError('malformed', t('This is not a JWT: {reason}.', { reason }))
}
