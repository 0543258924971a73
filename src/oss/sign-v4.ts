import { t } from '../kit/index.ts'
import { chooseExpiry } from './expiry.ts'
import {
  type CheckedRequest,
  checkRequest,
  type OssRequest,
  refuseDateHeader,
  setHeader,
} from './oss-request.ts'
import { formatQuery } from './percent-encode.ts'
import { quoted, refused } from './refused.ts'
import { urlOf } from './request-url.ts'
import { algorithm, isAlwaysSigned, scopeOf, signatureV4, unsignedPayload } from './signature-v4.ts'
import { checkCredentials, type OssCredentials } from './signing-credentials.ts'
import { type OssSigningOptions, type ReadSigningOptions, readSigningOptions } from './signing-options.ts'

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

/**
 * The names of headers that a V4 signature covers beyond those that it always covers: lower case, sorted, each once.
 *
 * @throws SesameError ERR_USAGE for a name that the request does not have
 */
function chooseAdditionalHeaders(
  { additionalHeaders }: ReadSigningOptions,
  { headers }: CheckedRequest,
): string[] {
  const names = new Set(additionalHeaders.map((name) => name.toLowerCase()))
  for (const name of names) {
    if (!headers.has(name) && name !== 'host' && !isAlwaysSigned(name))
      throw refused(
        t('options.additionalHeaders names {name}, which request.headers lacks.', { name: quoted(name) }),
      )
  }
  return [...names].filter((name) => !isAlwaysSigned(name)).sort()
}

/** The headers with the `host` that a client will send, where it is to be signed. @throws SesameError ERR_USAGE if another is given */
function withSignedHost(
  headers: CheckedRequest['headers'],
  additionalHeaders: readonly string[],
  host: () => string,
): ReadonlyMap<string, string> {
  if (!additionalHeaders.includes('host')) return headers
  const given = headers.get('host')
  if (given !== undefined && given !== host())
    throw refused(
      t('request.headers says host {given}, but the request goes to {host}.', {
        given: quoted(given),
        host: host(),
      }),
    )
  return new Map(headers).set('host', host())
}
