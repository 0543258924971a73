import type { RecordedRequest } from '../http/recorded-request.ts'

/** What a request is about. */
export interface OssAddress {
  bucket: string | undefined
  /** '' for the bucket itself. */
  key: string
  /** How the bucket was found. */
  style: 'service' | 'virtual-host' | 'path' | 'cname'
}

/** Finds bucket and key by Host and path; undefined when the path is not percent-encoded properly. */
export function addressOf(
  { path, headers }: RecordedRequest,
  cnames: Readonly<Record<string, string>>,
): OssAddress | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
  const decoded = decode(path)?.slice(1)
  if (decoded === undefined) return undefined
  const bound = Object.hasOwn(cnames, host) ? cnames[host] : undefined
  if (bound !== undefined) return { bucket: bound, key: decoded, style: 'cname' }
  const named = /^([a-z0-9][a-z0-9-]*)\.(?:oss-[\w-]+\.aliyuncs\.com|localhost)$/.exec(host)?.[1]
  if (named !== undefined) return { bucket: named, key: decoded, style: 'virtual-host' }
  if (decoded === '') return { bucket: undefined, key: '', style: 'service' }
  const slash = decoded.indexOf('/')
  return slash < 0
    ? { bucket: decoded, key: '', style: 'path' }
    : { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1), style: 'path' }
}

/** `/bucket/key` as it is signed. */
export function resourceOf({ bucket, key }: OssAddress): string {
  return bucket === undefined ? '/' : `/${bucket}/${key}`
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
