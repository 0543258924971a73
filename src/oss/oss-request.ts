import { misuse, readOptions, t } from '../kit/index.ts'
import { isPrintableAscii, isToken } from './ascii.ts'
import { readRecord } from './read-record.ts'
import { quoted, refused } from './refused.ts'
import { reservedHeaders, reservedQueryMembers, whyReserved } from './reserved-names.ts'

/** A request to OSS, as it will be sent. A wrong one is a SesameError `ERR_USAGE`. */
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

/** @throws SesameError ERR_USAGE for a request that cannot be, or that brings a signature or token of its own */
export function checkRequest(request: OssRequest): CheckedRequest {
  const { method, bucket, key, query, headers } = readOptions(request, 'request')
  if (!isToken(method)) throw misuse('request.method', t('an HTTP method, such as GET'))
  const checked = {
    method: method.toUpperCase(),
    bucket: checkBucket(bucket),
    key: checkKey(key),
    query: checkQuery(query),
    headers: checkHeaders(headers),
  }
  if (checked.key !== '' && checked.bucket === undefined)
    throw refused(t('request.key needs request.bucket.'))
  return checked
}

function checkBucket(bucket: unknown): string | undefined {
  if (bucket === undefined) return undefined
  if (typeof bucket === 'string' && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(bucket)) return bucket
  throw misuse('request.bucket', t('of small letters, digits and hyphens (at most 63)'))
}

function checkKey(key: unknown = ''): string {
  if (typeof key !== 'string') throw misuse('request.key', t('a string'), key)
  if (!key.isWellFormed()) throw refused(t('request.key has half a character (an unpaired surrogate).'))
  return key
}

function checkQuery(query: object | undefined): [string, string][] {
  return readRecord(query, 'request.query').flatMap(([name, values]) => {
    if (reservedQueryMembers.has(name.toLowerCase()))
      throw refused(
        t('request.query must not have {name}: {reason}.', { name: quoted(name), reason: whyReserved(name) }),
      )
    const list: unknown[] = Array.isArray(values) ? Array.from(values) : [values]
    return list.map((value): [string, string] => [name, checkMember(name, value)])
  })
}

function checkMember(name: string, value: unknown): string {
  if (typeof value !== 'string') throw misuse(`request.query ${quoted(name)}`, t('a string'), value)
  if (!name.isWellFormed() || !value.isWellFormed())
    throw refused(
      t('request.query {name} has half a character (an unpaired surrogate).', { name: quoted(name) }),
    )
  if (name === '' && value === '') throw refused(t('request.query has a member with neither name nor value.'))
  return value
}

function checkHeaders(headers: object | undefined): Map<string, string> {
  const checked = new Map<string, string>()
  for (const [name, value] of readRecord(headers, 'request.headers')) {
    if (!isToken(name))
      throw refused(t("request.headers: {name} is not a header's name.", { name: quoted(name) }))
    const lower = name.toLowerCase()
    if (reservedHeaders.has(lower))
      throw refused(
        t('request.headers must not have {name}: {reason}.', { name: lower, reason: whyReserved(lower) }),
      )
    if (checked.has(lower)) throw refused(t('request.headers has {name} twice.', { name: lower }))
    if (typeof value !== 'string' || !isPrintableAscii(value))
      throw misuse(`request.headers ${lower}`, t('printable ASCII on one line'))
    checked.set(lower, value.trim())
  }
  return checked
}
