import { chooseExpiry, unixSeconds } from './expiry.ts'
import { checkRequest, type OssRequest, refuseDateHeader, setHeader } from './oss-request.ts'
import { formatQuery } from './percent-encode.ts'
import { urlOf } from './request-url.ts'
import { refuseAdditionalHeaders, signatureV1 } from './signature-v1.ts'
import { checkCredentials, type OssCredentials } from './signing-credentials.ts'
import { type OssSigningOptions, readSigningOptions } from './signing-options.ts'

/**
 * Signs a request in its headers, with signature V1 (HMAC-SHA1; V4 is the better one wherever it is understood). The result is
 * every header to send, names in lower case: those of the request, `x-oss-date` (which OSS reads instead of `date`),
 * `x-oss-security-token` if the credentials have one, and `authorization`. OSS accepts it for 15 minutes.
 *
 * @throws SesameError ERR_USAGE for a request, credentials or options that cannot be; for a key or value that V1 cannot distinguish from a
 *   sub-resource
 */
export function signHeadersV1(
  request: OssRequest,
  credentials: OssCredentials,
  given: OssSigningOptions,
): Record<string, string> {
  const options = readSigningOptions(given)
  const { now } = options
  const checked = checkRequest(request)
  refuseAdditionalHeaders(options)
  const { accessKeyId, accessKeySecret, securityToken } = checkCredentials(credentials, now)
  const date = now.toUTCString()
  const headers = new Map(checked.headers)
  setHeader(headers, 'x-oss-date', date)
  if (securityToken !== undefined) headers.set('x-oss-security-token', securityToken)
  const signature = signatureV1({ ...checked, headers }, date, accessKeySecret, options)
  headers.set('authorization', `OSS ${accessKeyId}:${signature}`)
  return Object.fromEntries(headers)
}

/**
 * Signs a request in its URL, with signature V1: the result is the URL, a security token included. It is valid for everyone who has
 * it, until `expiresSeconds` are over or the credentials end, whichever is sooner (`onNotice` hears of the latter).
 * `content-type`, `content-md5` and `x-oss-*` headers of the request must be sent with it as they are.
 *
 * @throws SesameError ERR_USAGE for a request, credentials or options that cannot be; for a key or value that V1 cannot distinguish from a
 *   sub-resource
 */
export function presignV1(
  request: OssRequest,
  credentials: OssCredentials,
  given: OssSigningOptions,
): string {
  const options = readSigningOptions(given)
  const { now } = options
  const checked = checkRequest(request)
  refuseDateHeader(checked)
  refuseAdditionalHeaders(options)
  const checkedCredentials = checkCredentials(credentials, now)
  const { accessKeyId, accessKeySecret, securityToken } = checkedCredentials
  const { url } = urlOf({ ...checked, query: [] }, options)
  const expires = String(unixSeconds(now) + chooseExpiry(options, checkedCredentials, 'V1'))
  const query = checked.query.map(([name, value]): [string, string] => [name, value])
  if (securityToken !== undefined) query.push(['security-token', securityToken])
  const signature = signatureV1({ ...checked, query }, expires, accessKeySecret, options)
  query.push(['OSSAccessKeyId', accessKeyId], ['Expires', expires], ['Signature', signature])
  return `${url}?${formatQuery(query)}`
}
