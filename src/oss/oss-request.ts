import { isPrintableAscii, isToken } from './ascii.ts'
import { reservedHeaders, reservedQueryMembers, whyReserved } from './reserved-names.ts'

/** A request to OSS, as it will be sent. A wrong one is a `TypeError`. */
export interface OssRequest {
  /** `GET`, `PUT` … in any case. */
  method: string
  /** Without it the request goes to the service itself (ListBuckets). */
  bucket?: string | undefined
  /**
   * The object's name as it is: not percent-encoded, no slash before it unless its name begins with one. Without it the
   * request goes to the bucket. Needs `bucket`.
   */
  key?: string | undefined
  /**
   * Query members as they are: not percent-encoded; '' for one without a value (`{ acl: '' }`), an array for one that is
   * repeated. Whatever belongs to a signature, a security token above all, is refused.
   */
  query?: Readonly<Record<string, string | readonly string[]>> | undefined
  /**
   * Headers that will be sent, names in any case. `authorization` and `x-oss-security-token` are refused, and so is
   * whatever is not printable ASCII (CR and LF too): what a client makes of it on the wire is not what was signed.
   */
  headers?: Readonly<Record<string, string>> | undefined
}

/** A request that has been checked. */
export interface CheckedRequest {
  method: string
  bucket: string | undefined
  /** '' for the bucket itself. */
  key: string
  /** One pair for each value, raw. */
  query: readonly (readonly [name: string, value: string])[]
  /** Names in lower case, values trimmed. */
  headers: ReadonlyMap<string, string>
}

/** @throws TypeError for a request that cannot be, or that brings a signature or token of its own */
export function checkRequest({ method, bucket, key = '', query, headers }: OssRequest): CheckedRequest {
  if (!isToken(method)) throw new TypeError('request.method must be an HTTP method, such as GET.')
  checkKey(key)
  if (bucket !== undefined && !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(bucket))
    throw new TypeError('request.bucket must consist of small letters, digits and hyphens (at most 63).')
  if (key !== '' && bucket === undefined) throw new TypeError('request.key needs request.bucket.')
  return {
    method: method.toUpperCase(),
    bucket,
    key,
    query: checkQuery(query ?? {}),
    headers: checkHeaders(headers ?? {}),
  }
}

function checkKey(key: unknown): void {
  if (typeof key !== 'string') throw new TypeError('request.key must be a string.')
  if (!key.isWellFormed()) throw new TypeError('request.key has half a character (an unpaired surrogate).')
}

function checkQuery(query: object): [string, string][] {
  return Object.entries(query).flatMap(([name, values]) => {
    const shown = JSON.stringify(name)
    if (reservedQueryMembers.has(name.toLowerCase()))
      throw new TypeError(`request.query must not have ${shown}: ${whyReserved(name)}.`)
    return [values].flat().map((value: unknown): [string, string] => {
      if (typeof value !== 'string') throw new TypeError(`request.query ${shown} must be a string.`)
      if (!name.isWellFormed() || !value.isWellFormed())
        throw new TypeError(`request.query ${shown} has half a character (an unpaired surrogate).`)
      if (name === '' && value === '')
        throw new TypeError('request.query has a member with neither name nor value.')
      return [name, value]
    })
  })
}

function checkHeaders(headers: object): Map<string, string> {
  const checked = new Map<string, string>()
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    if (!isToken(name))
      throw new TypeError(`request.headers: ${JSON.stringify(name)} is not a header's name.`)
    const lower = name.toLowerCase()
    if (reservedHeaders.has(lower))
      throw new TypeError(`request.headers must not have ${lower}: ${whyReserved(lower)}.`)
    if (checked.has(lower)) throw new TypeError(`request.headers has ${lower} twice.`)
    if (typeof value !== 'string' || !isPrintableAscii(value))
      throw new TypeError(`request.headers ${lower} must be printable ASCII on one line.`)
    checked.set(lower, value.trim())
  }
  return checked
}
