import type { TokenInvalidReason } from './token-invalid-error.ts'

/** What the guard reads of a request; node:http's and Express' requests are such. */
export interface BearerRequest {
  headers: { authorization?: string | undefined }
  /** Name, value, name, value …, with duplicates. */
  rawHeaders?: readonly string[]
  url?: string | undefined
}

export type BearerCredential =
  | { kind: 'token'; token: string }
  /** None at all, or one for another scheme. */
  | { kind: 'missing' }
  | { kind: 'malformed'; description: string }

const bearer = /^bearer(?: +(.*))?$/is
/** `b64token` of RFC 6750 section 2.1. */
const tokenText = /^[A-Za-z0-9._~+/-]+=*$/

/**
 * The bearer token of a request, from its `Authorization` header only (RFC 6750 section 2.1): what is in a URL is in
 * logs and histories. A request with two credentials is malformed (section 2).
 */
export function readBearer({ headers, rawHeaders = [], url = '' }: BearerRequest): BearerCredential {
  const sent = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization').length
  if (sent > 1) return { kind: 'malformed', description: 'More than one Authorization header' }
  const { authorization = '' } = headers
  // A list, as some frameworks give repeated headers, is not joined for the caller.
  if (typeof authorization !== 'string')
    return { kind: 'malformed', description: 'More than one Authorization header' }
  const match = bearer.exec(authorization)
  if (match === null) return { kind: 'missing' }
  const token = match[1] ?? ''
  if (!tokenText.test(token))
    return { kind: 'malformed', description: 'The Authorization header is malformed' }
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '')
  if (query.has('access_token')) return { kind: 'malformed', description: 'More than one access token' }
  return { kind: 'token', token }
}

/** An answer to a request that may not pass. */
export interface BearerRefusal {
  status: 400 | 401 | 403 | 503
  headers: Record<string, string>
  /** JSON, or empty. */
  body: string
}

/** `error_description` of a reason; RFC 6750 section 3 allows printable ASCII without quotes and backslashes. */
const descriptions: Record<TokenInvalidReason, string> = {
  malformed: 'The token is malformed',
  unsupported: 'The token is of an unsupported form',
  algorithm: 'The signature algorithm is not accepted',
  type: 'The type of the token is not accepted',
  'no-key': 'The signing key is unknown',
  signature: 'The signature is not valid',
  issuer: 'The issuer is not accepted',
  audience: 'The token is for another audience',
  'authorized-party': 'The token was issued to another client',
  expired: 'The token expired',
  'not-yet-valid': 'The token is not valid yet',
  'missing-claim': 'A required claim is missing',
  'invalid-claim': 'A claim is not valid',
  replayed: 'The token has been used before',
}

/** 401 without a code: the client did not know that a token is needed (RFC 6750 section 3.1). */
export function missingToken(realm: string): BearerRefusal {
  return { status: 401, headers: { ...common, 'www-authenticate': `Bearer realm="${realm}"` }, body: '' }
}

export function malformedRequest(realm: string, description: string): BearerRefusal {
  return refusal(400, realm, { error: 'invalid_request', error_description: description })
}

export function invalidToken(realm: string, reason: TokenInvalidReason): BearerRefusal {
  return refusal(401, realm, { error: 'invalid_token', error_description: descriptions[reason] })
}

export function insufficientScope(realm: string, scope: readonly string[]): BearerRefusal {
  const error_description = 'The token lacks a required scope'
  return refusal(403, realm, { error: 'insufficient_scope', error_description, scope: scope.join(' ') })
}

/** Not the client's fault: the token could not be verified just now. */
export function unavailable(): BearerRefusal {
  return { status: 503, headers: { ...common, 'retry-after': '30' }, body: '' }
}

const common = { 'cache-control': 'no-store' }

function refusal(status: 400 | 401 | 403, realm: string, members: Record<string, string>): BearerRefusal {
  const attributes = Object.entries({ realm, ...members }).map(([name, value]) => `${name}="${value}"`)
  return {
    status,
    headers: {
      ...common,
      'www-authenticate': `Bearer ${attributes.join(', ')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(members),
  }
}
