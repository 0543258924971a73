import { printable, SesameError, t } from '../../../kit/index.ts'
import { parseQuery } from './request-parts.ts'

/** What `oss://bucket/key` names; without a key the bucket itself, `oss://` alone the service. */
export interface OssName {
  bucket: string | undefined
  /** As it is, never percent-decoded; undefined for a bucket. */
  key: string | undefined
  /** Members behind a `?` that OSS knows, such as `x-oss-process`. */
  query: Record<string, string[]>
}

/**
 * Reads `oss://bucket/key`. What follows the bucket's slash is the key, `%` included, and `?` too, since names of objects may have it;
 * but members that OSS knows (`?versionId=…`, `?x-oss-process=…`) are the query, as in the URL of an object.
 * @throws SesameError ERR_USAGE
 */
export function parseOssUrl(text: string | undefined): OssName {
  if (text === undefined) throw refused(t('Name an object.'))
  const shown = `"${printable(text, 80)}"`
  if (!text.startsWith('oss://'))
    throw refused(t('{address} does not begin with oss://.', { address: shown }))
  const rest = text.slice('oss://'.length)
  if (rest === '') return { bucket: undefined, key: undefined, query: {} }
  const [name, query] = splitQuery(rest)
  const slash = name.indexOf('/')
  const bucket = slash < 0 ? name : name.slice(0, slash)
  const key = slash < 0 ? '' : name.slice(slash + 1)
  if (bucket === '') throw refused(t('{address} names no bucket.', { address: shown }))
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(bucket))
    throw refused(
      t('"{name}" cannot be a bucket: small letters, digits and hyphens.', { name: printable(bucket, 70) }),
    )
  if (Buffer.byteLength(key) > 1023) throw refused(t('The key is longer than 1023 bytes.'))
  return { bucket, key: key === '' ? undefined : key, query }
}

/** What OSS knows of an object, and what overrides the headers of an answer. */
const objectMember =
  /^(?:x-oss-.+|response-.+|versionId|uploads|uploadId|partNumber|acl|tagging|symlink|callback|callback-var|restore|append|position|objectMeta|objectInfo)$/

/** Splits at the last `?` behind which every member is one that OSS knows; behind a bucket's name it cannot be anything else. */
function splitQuery(text: string): [name: string, query: Record<string, string[]>] {
  const mark = text.lastIndexOf('?')
  const members = mark < 0 ? [] : text.slice(mark + 1).split('&')
  const isQuery = members.every((member) => objectMember.test(member.split('=', 1)[0] ?? ''))
  return mark >= 0 && (isQuery || !text.slice(0, mark).includes('/'))
    ? [text.slice(0, mark), parseQuery(members.map(decode))]
    : [text, {}]
}

/** As it stands in a URL, percent-encoded or not. */
function decode(member: string): string {
  try {
    return decodeURIComponent(member)
  } catch (error) {
    if (error instanceof URIError) return member
    throw error
  }
}

function refused(message: string): SesameError {
  return new SesameError('ERR_USAGE', message, { hint: t('An object is written as oss://bucket/key.') })
}
