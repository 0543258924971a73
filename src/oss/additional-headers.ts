import { t } from '../kit/index.ts'
import type { CheckedRequest } from './oss-request.ts'
import { quoted, refused } from './refused.ts'
import { isAlwaysSigned } from './signature-v4.ts'
import type { ReadSigningOptions } from './signing-options.ts'

/**
 * The names of headers that a V4 signature covers beyond those that it always covers: lower case, sorted, each once.
 *
 * @throws SesameError ERR_USAGE for a name that the request does not have
 */
export function chooseAdditionalHeaders(
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
export function withSignedHost(
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

/** Sets a header that signing needs; the caller may have said the same, but nothing else. @throws SesameError ERR_USAGE */
export function setHeader(headers: Map<string, string>, name: string, value: string): void {
  const given = headers.get(name)
  if (given !== undefined && given !== value)
    throw refused(
      t('request.headers says {name} {given}, but options.now makes it {value}.', {
        name,
        given: quoted(given),
        value,
      }),
    )
  headers.set(name, value)
}
