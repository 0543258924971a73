import { chooseAdditionalHeaders, withSignedHost } from './additional-headers.ts'
import { chooseExpiry } from './expiry.ts'
import { checkRequest, type OssRequest } from './oss-request.ts'
import { formatQuery } from './percent-encode.ts'
import { refuseDateHeader } from './refuse-date-header.ts'
import { urlOf } from './request-url.ts'
import { algorithm, scopeOf, signatureV4 } from './signature-v4.ts'
import { checkCredentials, type OssCredentials } from './signing-credentials.ts'
import { type OssSigningOptions, readSigningOptions } from './signing-options.ts'

/**
 * Signs a request in its URL, with signature V4: the result is the URL, a security token included. It is valid for everyone who
 * has it, until `expiresSeconds` are over or the credentials end, whichever is sooner (`onNotice` hears of the
 * latter). The headers of the request that are signed (`content-type`, `content-md5`, `x-oss-*` and `additionalHeaders`)
 * must be sent with it as they are.
 *
 * @example
 * const request = { method: 'GET', bucket: 'reports', key: 'may.csv' }
 * const url = presignV4(request, credentials, { region: 'cn-hangzhou', now: new Date(), expiresSeconds: 600 })
 *
 * @throws SesameError ERR_USAGE for a request, credentials or options that cannot be; for more than 604800 seconds
 */
export function presignV4(
  request: OssRequest,
  credentials: OssCredentials,
  given: OssSigningOptions,
): string {
  const options = readSigningOptions(given)
  const { now } = options
  const checked = checkRequest(request)
  refuseDateHeader(checked)
  const checkedCredentials = checkCredentials(credentials, now)
  const { accessKeyId, accessKeySecret, securityToken } = checkedCredentials
  const scope = scopeOf(options)
  const additional = chooseAdditionalHeaders(options, checked)
  const { url, host } = urlOf({ ...checked, query: [] }, options)
  const expiresSeconds = chooseExpiry(options, checkedCredentials, 'V4')
  const query: [string, string][] = [
    ...checked.query.map(([name, value]): [string, string] => [name, value]),
    ['x-oss-signature-version', algorithm],
    ['x-oss-credential', `${accessKeyId}/${scope.text}`],
    ['x-oss-date', scope.timestamp],
    ['x-oss-expires', String(expiresSeconds)],
  ]
  if (additional.length > 0) query.push(['x-oss-additional-headers', additional.join(';')])
  if (securityToken !== undefined) query.push(['x-oss-security-token', securityToken])
  const headers = withSignedHost(checked.headers, additional, () => host)
  const signature = signatureV4({ ...checked, query, headers }, additional, scope, accessKeySecret)
  return `${url}?${formatQuery([...query, ['x-oss-signature', signature]])}`
}
