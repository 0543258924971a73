import { chooseAdditionalHeaders, setHeader, withSignedHost } from './additional-headers.ts'
import { checkRequest, type OssRequest } from './oss-request.ts'
import { urlOf } from './request-url.ts'
import { algorithm, scopeOf, signatureV4, unsignedPayload } from './signature-v4.ts'
import { checkCredentials, type OssCredentials } from './signing-credentials.ts'
import { type OssSigningOptions, readSigningOptions } from './signing-options.ts'

/**
 * Signs a request in its headers, with signature V4. The result is every header to send, names in lower case: those of the
 * request, `x-oss-date`, `x-oss-content-sha256`, `x-oss-security-token` if the credentials have one, and
 * `authorization`. Where to send it says `requestUrl`. OSS accepts it for 15 minutes.
 *
 * @example
 * const request = { method: 'GET', bucket: 'reports', key: 'may.csv' }
 * const options = { region: 'cn-hangzhou', now: new Date() }
 * await fetch(requestUrl(request, options), { headers: signHeadersV4(request, credentials, options) })
 *
 * @throws SesameError ERR_USAGE for a request, credentials or options that cannot be
 */
export function signHeadersV4(
  request: OssRequest,
  credentials: OssCredentials,
  given: OssSigningOptions,
): Record<string, string> {
  const options = readSigningOptions(given)
  const { now } = options
  const checked = checkRequest(request)
  const { accessKeyId, accessKeySecret, securityToken } = checkCredentials(credentials, now)
  const scope = scopeOf(options)
  const additional = chooseAdditionalHeaders(options, checked)
  const headers = new Map(checked.headers)
  setHeader(headers, 'x-oss-date', scope.timestamp)
  if (!headers.has('x-oss-content-sha256')) headers.set('x-oss-content-sha256', unsignedPayload)
  if (securityToken !== undefined) headers.set('x-oss-security-token', securityToken)
  const signed = withSignedHost(headers, additional, () => urlOf(checked, options).host)
  const signature = signatureV4({ ...checked, headers: signed }, additional, scope, accessKeySecret)
  const covered = additional.length === 0 ? '' : `AdditionalHeaders=${additional.join(';')},`
  headers.set(
    'authorization',
    `${algorithm} Credential=${accessKeyId}/${scope.text},${covered}Signature=${signature}`,
  )
  return Object.fromEntries(headers)
}
