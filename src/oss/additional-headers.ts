import type { CheckedRequest } from './oss-request.ts'
import { isAlwaysSigned } from './signature-v4.ts'
import type { OssSigningOptions } from './signing-options.ts'

/**
 * The names of headers that a V4 signature covers beyond those that it always covers: lower case, sorted, each once.
 *
 * @throws TypeError for a name that the request does not have
 */
export function chooseAdditionalHeaders(
  { additionalHeaders = [] }: OssSigningOptions,
  { headers }: CheckedRequest,
): string[] {
  const names = new Set(additionalHeaders.map((name) => String(name).toLowerCase()))
  for (const name of names) {
    if (!headers.has(name) && name !== 'host' && !isAlwaysSigned(name))
      throw new TypeError(
        `options.additionalHeaders names ${JSON.stringify(name)}, which request.headers lacks.`,
      )
  }
  return [...names].filter((name) => !isAlwaysSigned(name)).sort()
}

/** The headers with the `host` that a client will send, where it is to be signed. @throws TypeError if another is given */
export function withSignedHost(
  headers: CheckedRequest['headers'],
  additionalHeaders: readonly string[],
  host: () => string,
): ReadonlyMap<string, string> {
  if (!additionalHeaders.includes('host')) return headers
  const given = headers.get('host')
  if (given !== undefined && given !== host())
    throw new TypeError(`request.headers says host ${given}, but the request goes to ${host()}.`)
  return new Map(headers).set('host', host())
}

/** Sets a header that signing needs; the caller may have said the same, but nothing else. @throws TypeError */
export function setHeader(headers: Map<string, string>, name: string, value: string): void {
  const given = headers.get(name)
  if (given !== undefined && given !== value)
    throw new TypeError(`request.headers says ${name} ${given}, but options.now makes it ${value}.`)
  headers.set(name, value)
}
