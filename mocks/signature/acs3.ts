import { createHash, createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'

/** What a signed request says about itself. */
export interface SignedRequest {
  accessKeyId: string
  securityToken: string | undefined
  /** Whether the signature is the one that this secret makes. */
  isSignedWith(accessKeySecret: string): boolean
}

/**
 * Reads an RPC request signed with ACS3-HMAC-SHA256, the OpenAPI signature of Alibaba Cloud; undefined when it is not
 * signed so. Whatever must be signed (host, x-acs-*, content-type) and is not makes every secret wrong.
 */
export function readAcs3(request: RecordedRequest): SignedRequest | undefined {
  const { headers } = request
  const match = headers.authorization?.match(
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/,
  )
  if (!match) return undefined
  const [, accessKeyId = '', names = '', signature] = match
  const signed = names.split(';')
  const must = Object.keys(headers).filter((name) => /^(?:host|content-type|x-acs-.*)$/.test(name))
  const complete = must.every((name) => signed.includes(name))
  const bodyHash = sha256(request.text)
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.queryAll),
    ...signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    names,
    bodyHash,
  ].join('\n')
  const text = `ACS3-HMAC-SHA256\n${sha256(canonical)}`
  return {
    accessKeyId,
    securityToken: headers['x-acs-security-token']?.toString(),
    isSignedWith: (secret) =>
      complete &&
      headers['x-acs-content-sha256'] === bodyHash &&
      createHmac('sha256', secret).update(text).digest('hex') === signature,
  }
}

/** Sorted by name and value, both encoded. */
export function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')
}

/** RFC 3986: everything but unreserved characters. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
