import { misuse, readOptions, t } from '../kit/index.ts'
import { quoted, refused } from './refused.ts'

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

/** A token of RFC 9110 section 5.6.2: what methods and names of headers are made of. */
function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[!#$%&'*+.^_`|~\w-]+$/.test(text)
}

/** What may stand in a header's value on every client: one line, no byte whose encoding is ambiguous. */
function isPrintableAscii(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text)
}

/** Headers that only signing may set. */
const reservedHeaders: ReadonlySet<string> = new Set(['authorization', 'x-oss-security-token'])

/** Query members that only signing may set, V1's and V4's, in lower case. */
const reservedQueryMembers: ReadonlySet<string> = new Set([
  'ossaccesskeyid',
  'expires',
  'signature',
  'security-token',
  'x-oss-additional-headers',
  'x-oss-credential',
  'x-oss-date',
  'x-oss-expires',
  'x-oss-security-token',
  'x-oss-signature',
  'x-oss-signature-version',
])

/** Why a request may not bring a reserved member of its own. */
function whyReserved(name: string): string {
  return name.toLowerCase().endsWith('security-token')
    ? t('it comes from credentials.securityToken, and goes to one place only')
    : t('signing adds it')
}

/**
 * Names and values of a plain object, each read once. A `Map`, `Headers` or `URLSearchParams` has none that could be seen here:
 * taken for an empty object, what it holds would be left out of the signature.
 *
 * @throws SesameError ERR_USAGE
 */
export function readRecord(value: object | undefined, name: string): [string, unknown][] {
  if (value === undefined) return []
  if (Symbol.iterator in readOptions(value, name)) throw misuse(name, t('a plain object'), value)
  return Object.entries(value)
}

/** A URL says itself when it was signed: a header that says it again could only disagree. @throws SesameError ERR_USAGE */
export function refuseDateHeader({ headers }: CheckedRequest): void {
  if (headers.has('x-oss-date'))
    throw refused(t('request.headers must not have x-oss-date: the URL says when it was signed.'))
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
