import { createHash, createHmac } from 'node:crypto'
import { t } from '../kit/index.ts'
import type { CheckedRequest } from './oss-request.ts'
import { percentEncode, percentEncodePath } from './percent-encode.ts'
import { refused } from './refused.ts'
import type { ReadSigningOptions } from './signing-options.ts'

export const algorithm = 'OSS4-HMAC-SHA256'
export const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** What a V4 signature holds for: an instant, a day, a region and a product. */
export interface SigningScope {
  /** `20231216T162057Z` */
  timestamp: string
  day: string
  region: string
  product: string
  /** `<day>/<region>/<product>/aliyun_v4_request` */
  text: string
}

/** @throws SesameError ERR_USAGE without a region */
export function scopeOf({ region, product = 'oss', now }: ReadSigningOptions): SigningScope {
  if (region === undefined) throw refused(t('options.region is needed: a V4 signature holds for one region.'))
  const timestamp = `${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const day = timestamp.slice(0, 8)
  return { timestamp, day, region, product, text: `${day}/${region}/${product}/aliyun_v4_request` }
}

/**
 * The hex signature of a request whose headers and query are complete but for the signature itself.
 * https://help.aliyun.com/zh/oss/developer-reference/recommend-to-use-signature-version-4
 */
export function signatureV4(
  request: CheckedRequest,
  additionalHeaders: readonly string[],
  scope: SigningScope,
  accessKeySecret: string,
): string {
  const digest = createHash('sha256').update(canonicalRequest(request, additionalHeaders)).digest('hex')
  return createHmac('sha256', signingKeyV4(scope, accessKeySecret))
    .update(`${algorithm}\n${scope.timestamp}\n${scope.text}\n${digest}`)
    .digest('hex')
}

/** The key of a scope, derived from the secret. */
export function signingKeyV4({ day, region, product }: SigningScope, accessKeySecret: string): Buffer {
  const derive = (key: string | Buffer, part: string) => createHmac('sha256', key).update(part).digest()
  return derive(
    derive(derive(derive(`aliyun_v4${accessKeySecret}`, day), region), product),
    'aliyun_v4_request',
  )
}

function canonicalRequest(
  { method, bucket, key, query, headers }: CheckedRequest,
  additionalHeaders: readonly string[],
): string {
  const resource = bucket === undefined ? '/' : `/${bucket}/${key}`
  return [
    method,
    percentEncodePath(resource),
    canonicalQuery(query),
    canonicalHeaders(headers, additionalHeaders),
    additionalHeaders.join(';'),
    headers.get('x-oss-content-sha256') ?? unsignedPayload,
  ].join('\n')
}

/** Sorted by encoded name, then by value: `a` comes before `a-b`, which it would not as `a=…`. */
function canonicalQuery(query: CheckedRequest['query']): string {
  return query
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
}

function canonicalHeaders(headers: CheckedRequest['headers'], additional: readonly string[]): string {
  return [...headers]
    .filter(([name]) => isAlwaysSigned(name) || additional.includes(name))
    .sort(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
}

/** Headers that OSS wants signed whenever they are sent. */
export function isAlwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
