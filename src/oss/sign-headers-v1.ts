import { setHeader } from './additional-headers.ts'
import { checkRequest, type OssRequest } from './oss-request.ts'
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
