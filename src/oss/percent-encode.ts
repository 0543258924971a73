import { t } from '../kit/index.ts'
import { quoted, refused } from './refused.ts'

/** RFC 3986: everything but unreserved characters, of the text's UTF-8. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The same, slashes left as they are: how V4 signs a path. */
export function percentEncodePath(path: string): string {
  return percentEncode(path).replaceAll('%2F', '/')
}

/**
 * A key as the path of a URL. A slash beside a segment that is empty, `.` or `..` is encoded too: clients and proxies fold
 * `//` and `/../`, and would ask for another object. OSS decodes the path before anything else.
 *
 * @throws SesameError ERR_USAGE for the keys `.` and `..`, which no URL can name
 */
export function keyToUrlPath(key: string): string {
  if (key === '.' || key === '..') throw refused(t('No URL can name the key {key}.', { key: quoted(key) }))
  const segments = key.split('/')
  const last = segments.length - 1
  const isFolded = (segment: string, i: number) =>
    segment === '.' || segment === '..' || (segment === '' && i < last)
  return segments
    .map((segment, i) => {
      if (i === 0) return percentEncode(segment)
      const folded = isFolded(segment, i) || isFolded(segments[i - 1] ?? '', i - 1)
      return `${folded ? '%2F' : '/'}${percentEncode(segment)}`
    })
    .join('')
}

/** Query members as the query of a URL, in the order given; one without a value is its bare name. */
export function formatQuery(query: readonly (readonly [string, string])[]): string {
  return query
    .map(([name, value]) =>
      value === '' ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`,
    )
    .join('&')
}
