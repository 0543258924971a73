import { createHash, createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { canonicalQuery, percentEncode, type SignedRequest } from './acs3.ts'

/**
 * Reads a request signed in its header with AWS4-HMAC-SHA256, as S3 tools sign what they send to OSS; undefined when it is not
 * signed so. Whatever must be signed (host, x-amz-*) and is not makes every secret wrong.
 */
export function readAws4(request: RecordedRequest): SignedRequest | undefined {
  const { headers } = request
  const match = headers.authorization?.match(
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/,
  )
  if (!match) return undefined
  const [, accessKeyId = '', scope = '', names = '', signature] = match
  const signed = names.split(';')
  const must = Object.keys(headers).filter((name) => /^(?:host|x-amz-.*)$/.test(name))
  const complete = must.every((name) => signed.includes(name))
  const payload = String(headers['x-amz-content-sha256'] ?? '')
  const canonical = [
    request.method,
    // S3 encodes each part of the path once.
    decodeURIComponent(request.path).split('/').map(percentEncode).join('/'),
    canonicalQuery(request.queryAll),
    ...signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    names,
    payload,
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  return {
    accessKeyId,
    securityToken: headers['x-amz-security-token']?.toString(),
    isSignedWith(secret) {
      let key: string | Buffer = `AWS4${secret}`
      for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
      const right = createHmac('sha256', key).update(text).digest('hex') === signature
      return complete && right && payload === sha256(request.text)
    },
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
