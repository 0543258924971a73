import { createHash, createHmac, randomUUID } from 'node:crypto'
import { type Credentials, formatInstant } from '../kit/index.ts'

/** An RPC call of an Alibaba Cloud API. */
export interface RpcCall {
  method: 'GET' | 'POST'
  /** As in the `Host` header: with the port, where it is not the usual one. */
  host: string
  action: string
  version: string
  /** Parameters of the API; they travel in the query. */
  query: Record<string, string>
}

export interface SignatureOptions {
  /** The server's time as far as it is known: a signature is good for 15 minutes around it. */
  now: Date
  /** Never the same twice. Default: random. */
  nonce?: string
}

/** The secret of the signing identity; long-lived keys have no security token. */
export type SigningKey = Pick<Credentials, 'accessKeyId' | 'accessKeySecret'> &
  Partial<Pick<Credentials, 'securityToken'>>

const algorithm = 'ACS3-HMAC-SHA256'

/**
 * Signs a call without a body with ACS3-HMAC-SHA256, signature version 3 of Alibaba Cloud's OpenAPI
 * (https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature).
 *
 * @returns the headers to send with it, `host` aside
 */
export function signRequest(
  call: RpcCall,
  key: SigningKey,
  { now, nonce = randomUUID() }: SignatureOptions,
): Record<string, string> {
  const bodyHash = sha256('')
  const headers: Record<string, string> = {
    'x-acs-action': call.action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': formatInstant(now),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': call.version,
    ...(key.securityToken && { 'x-acs-security-token': key.securityToken.reveal() }),
  }
  const signed = Object.entries({ host: call.host, ...headers }).sort(byName)
  const names = signed.map(([name]) => name).join(';')
  const canonical = [
    call.method,
    '/',
    canonicalQuery(call.query),
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    bodyHash,
  ].join('\n')
  const signature = createHmac('sha256', key.accessKeySecret.reveal())
    .update(`${algorithm}\n${sha256(canonical)}`)
    .digest('hex')
  const authorization = `${algorithm} Credential=${key.accessKeyId},SignedHeaders=${names},Signature=${signature}`
  return { ...headers, authorization }
}

/** The query as it is signed, and as it must be sent. */
export function canonicalQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .sort(byName)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
}

/** Everything but the unreserved characters of RFC 3986 section 2.3. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
