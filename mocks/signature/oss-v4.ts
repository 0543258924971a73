import { createHash, createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { percentEncode } from './acs3.ts'

/** What goes into a V4 signature beside verb and headers. */
export interface SignedParts {
  /** `/bucket/key`, decoded. */
  resource: string
  scope: string
  /** Names of further signed headers, joined by `;`. */
  additional: string
  timestamp: string
  query: readonly (readonly [string, string])[]
}

/** Hex HMAC-SHA256 with a key derived from secret, day, region and product. */
export function signOssV4(
  { method, headers }: RecordedRequest,
  { resource, scope, additional, timestamp, query }: SignedParts,
  secret: string,
): string {
  const encoded = query.map(([name, value]) => ({ name: percentEncode(name), value: percentEncode(value) }))
  encoded.sort((a, b) => order(a.name, b.name) || order(a.value, b.value))
  const names = additional === '' ? [] : additional.split(';')
  const signed = Object.keys(headers)
    .filter((name) => /^(?:content-type|content-md5|x-oss-.*)$/.test(name) || names.includes(name))
    .sort()
    .map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const canonical = [
    method,
    resource.split('/').map(percentEncode).join('/'),
    encoded.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)).join('&'),
    signed.join(''),
    additional,
    String(headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD'),
  ].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  let key: string | Buffer = `aliyun_v4${secret}`
  for (const part of scope.split('/')) key = hmac(key, part)
  return hmac(key, ['OSS4-HMAC-SHA256', timestamp, scope, digest].join('\n')).toString('hex')
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
