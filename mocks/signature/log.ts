import { createHash, createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { canonicalQuery, type SignedRequest } from './acs3.ts'

/** Reads a request to the Log Service (SLS), signed V1 (`LOG`) or V4 (`SLS4-HMAC-SHA256`); undefined when it is not signed so. */
export function readLogSignature(request: RecordedRequest): SignedRequest | undefined {
  const { authorization = '' } = request.headers
  const securityToken = request.headers['x-acs-security-token']?.toString()
  const v1 = /^LOG ([^:]+):(.+)$/.exec(authorization)
  if (v1) {
    const [, accessKeyId = '', signature] = v1
    return { accessKeyId, securityToken, isSignedWith: (secret) => signV1(request, secret) === signature }
  }
  const v4 = /^SLS4-HMAC-SHA256 Credential=([^/,]+)\/([^,]+),Signature=([0-9a-f]{64})$/.exec(authorization)
  if (!v4) return undefined
  const [, accessKeyId = '', scope = '', signature] = v4
  return {
    accessKeyId,
    securityToken,
    isSignedWith: (secret) => signV4(request, scope, secret) === signature,
  }
}

/** Base64 HMAC-SHA1 over verb, MD5, type, date, the headers of the service, and the path with its query. */
function signV1({ method, path, queryAll, headers }: RecordedRequest, secret: string): string {
  const own = Object.keys(headers)
    // The date under its second name is added after the signature.
    .filter((name) => /^x-(?:acs|log)-/.test(name) && name !== 'x-log-date')
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
  const query = [...queryAll].map(([name, value]) => `${name}=${value}`).sort()
  const resource = query.length === 0 ? path : `${path}?${query.join('&')}`
  const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers
  const text = `${[method, md5, type, date].join('\n')}\n${own.join('')}${resource}`
  return createHmac('sha1', secret).update(text).digest('base64')
}

/** Hex HMAC-SHA256 with a key derived from secret, day, region and service. */
function signV4(request: RecordedRequest, scope: string, secret: string): string {
  const { method, path, queryAll, headers } = request
  const names = Object.keys(headers)
    .filter((name) => /^(?:content-type|host|x-(?:acs|log)-.*)$/.test(name))
    .sort()
  const canonical = [
    method,
    path,
    canonicalQuery(queryAll).replace(/=(?=&|$)/g, ''),
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names.join(';'),
    headers['x-log-content-sha256'],
  ].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  const text = ['SLS4-HMAC-SHA256', headers['x-log-date'], scope, digest].join('\n')
  let key: string | Buffer = `aliyun_v4${secret}`
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
  return createHmac('sha256', key).update(text).digest('hex')
}
