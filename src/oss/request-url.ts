import { isIP } from 'node:net'
import { isSesameError, misuse, parseSecureUrl, SesameError, t } from '../kit/index.ts'
import { publicEndpointOf, readEndpointName } from './endpoints.ts'
import { type CheckedRequest, checkRequest, type OssRequest } from './oss-request.ts'
import { formatQuery, percentEncode } from './percent-encode.ts'
import { quoted, refused } from './refused.ts'
import { type OssDestination, type ReadDestination, readDestination } from './signing-options.ts'

/**
 * The URL that a request goes to, unsigned: for what `signHeadersV4` and `signHeadersV1` give. Send it as it is; a path that
 * is put together in another way may name another object.
 *
 * @throws SesameError ERR_USAGE for an endpoint, style or key that cannot be
 */
export function requestUrl(request: OssRequest, options: OssDestination): string {
  return urlOf(checkRequest(request), readDestination(options)).url
}

/** The URL of a checked request, and the host that a client will name for it. */
export function urlOf(request: CheckedRequest, options: ReadDestination): { url: string; host: string } {
  const { bucket, key, query } = request
  const endpoint = endpointOf(options, bucket)
  const style = options.style ?? (isAddress(endpoint) ? 'path' : 'virtual-host')
  checkStyle(style, request, options, endpoint)
  const host = style === 'virtual-host' && bucket !== undefined ? `${bucket}.${endpoint.host}` : endpoint.host
  const folder = style === 'path' && bucket !== undefined ? `${bucket}/` : ''
  const members = query.length === 0 ? '' : `?${formatQuery(query)}`
  return { url: `${endpoint.protocol}//${host}/${folder}${keyToUrlPath(key)}${members}`, host }
}

/** The endpoint without a bucket before its name: the domain of a bucket, as the console shows it, is understood. */
function endpointOf(destination: ReadDestination, bucket: string | undefined): URL {
  const { endpoint = defaultEndpoint(destination) } = destination
  const url = parseEndpoint(endpoint)
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw misuse('options.endpoint', t('a host or a URL without a path'))
  const named = destination.style === 'cname' ? undefined : readEndpointName(url.hostname)?.bucket
  if (named === undefined) return url
  if (named !== bucket)
    throw refused(
      t('options.endpoint names the bucket {bucket}, request.bucket another one.', { bucket: quoted(named) }),
    )
  url.hostname = url.hostname.slice(named.length + 1)
  return url
}

function parseEndpoint(endpoint: string): URL {
  try {
    return parseSecureUrl(endpoint.includes('://') ? endpoint : `https://${endpoint}`, 'options.endpoint')
  } catch (error) {
    if (isSesameError(error)) throw new SesameError('ERR_USAGE', error.message, { cause: error })
    throw error
  }
}

function defaultEndpoint({ region, product, style }: ReadDestination): string {
  if (product === 'oss-cloudbox') throw refused(t('A cloud box needs options.endpoint.'))
  if (style === 'cname') throw refused(t('The style cname needs options.endpoint.'))
  if (region === undefined) throw refused(t('options.region or options.endpoint is needed.'))
  return publicEndpointOf(region)
}

function checkStyle(
  style: NonNullable<ReadDestination['style']>,
  { bucket }: CheckedRequest,
  { endpoint: own }: ReadDestination,
  endpoint: URL,
): void {
  if (style === 'virtual-host' && bucket !== undefined && isAddress(endpoint))
    throw refused(t('An IP address has no virtual hosts; options.style must be path or cname.'))
  if (style === 'cname' && (bucket === undefined || own === undefined))
    throw refused(t('The style cname needs request.bucket and options.endpoint.'))
}

function isAddress({ hostname }: URL): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}

/**
 * A key as the path of a URL. A slash beside a segment that is empty, `.` or `..` is encoded too: clients and proxies fold
 * `//` and `/../`, and would ask for another object. OSS decodes the path before anything else.
 *
 * @throws SesameError ERR_USAGE for the keys `.` and `..`, which no URL can name
 */
function keyToUrlPath(key: string): string {
  if (key === '.' || key === '..') throw refused(t('No URL can name the key {key}.', { key: quoted(key) }))
  const segments = key.split('/')
  const last = segments.length - 1
  const isFolded = (segment: string, i: number) =>
    segment === '.' || segment === '..' || (segment === '' && i < last)
  return segments
    .map((segment, i) => {
      if (i === 0) return percentEncode(segment)
      const folded = isFolded(segment, i) || isFolded(segments[i - 1] ?? '', i - 1)
      return `${folded ? '%2F' : '/'}${percentEncode(segment)}`
    })
    .join('')
}
