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
