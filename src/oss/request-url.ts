import { isIP } from 'node:net'
import { isSesameError } from '../errors.ts'
import { parseSecureUrl } from '../secure-url.ts'
import { type CheckedRequest, checkRequest, type OssRequest } from './oss-request.ts'
import { formatQuery, keyToUrlPath } from './percent-encode.ts'
import { checkRegion, type OssSigningOptions } from './signing-options.ts'

/** Where a request goes. */
export type OssDestination = Pick<OssSigningOptions, 'endpoint' | 'product' | 'region' | 'style'>

/**
 * The URL that a request goes to, unsigned: for what `signHeadersV4` and `signHeadersV1` give. Send it as it is; a path that
 * is put together in another way may name another object.
 *
 * @throws TypeError for an endpoint, style or key that cannot be
 */
export function requestUrl(request: OssRequest, options: OssDestination): string {
  return urlOf(checkRequest(request), options).url
}

/** The URL of a checked request, and the host that a client will name for it. */
export function urlOf(request: CheckedRequest, options: OssDestination): { url: string; host: string } {
  const { bucket, key, query } = request
  const endpoint = endpointOf(options)
  const style = options.style ?? (isAddress(endpoint) ? 'path' : 'virtual-host')
  checkStyle(style, request, options, endpoint)
  const host = style === 'virtual-host' && bucket !== undefined ? `${bucket}.${endpoint.host}` : endpoint.host
  const folder = style === 'path' && bucket !== undefined ? `${bucket}/` : ''
  const members = query.length === 0 ? '' : `?${formatQuery(query)}`
  return { url: `${endpoint.protocol}//${host}/${folder}${keyToUrlPath(key)}${members}`, host }
}

function endpointOf(options: OssDestination): URL {
  const url = parseEndpoint(options.endpoint ?? defaultEndpoint(options))
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new TypeError('options.endpoint must be a host or a URL without a path.')
  return url
}

function parseEndpoint(endpoint: string): URL {
  try {
    return parseSecureUrl(endpoint.includes('://') ? endpoint : `https://${endpoint}`, 'options.endpoint')
  } catch (error) {
    if (isSesameError(error)) throw new TypeError(error.message, { cause: error })
    throw error
  }
}

function defaultEndpoint(options: OssDestination): string {
  const region = checkRegion(options)
  if (options.product === 'oss-cloudbox') throw new TypeError('A cloud box needs options.endpoint.')
  if (options.style === 'cname') throw new TypeError('The style cname needs options.endpoint.')
  if (region === undefined) throw new TypeError('options.region or options.endpoint is needed.')
  return `oss-${region}.aliyuncs.com`
}

function checkStyle(
  style: string,
  { bucket }: CheckedRequest,
  { endpoint: own }: OssDestination,
  endpoint: URL,
): void {
  if (style !== 'virtual-host' && style !== 'path' && style !== 'cname')
    throw new TypeError('options.style must be virtual-host, path or cname.')
  if (style === 'virtual-host' && bucket !== undefined && isAddress(endpoint))
    throw new TypeError('An IP address has no virtual hosts; options.style must be path or cname.')
  if (style === 'cname' && (bucket === undefined || own === undefined))
    throw new TypeError('The style cname needs request.bucket and options.endpoint.')
}

function isAddress({ hostname }: URL): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}
