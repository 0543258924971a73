import { printable, SesameError } from '../../../kit/index.ts'

/** What `oss://bucket/key` names; without a key the bucket itself, `oss://` alone the service. */
export interface OssName {
  bucket: string | undefined
  /** As it is, never percent-decoded; undefined for a bucket. */
  key: string | undefined
}

/** Reads `oss://bucket/key`: everything after the bucket's slash is the key, `?` and `%` included. @throws SesameError ERR_USAGE */
export function parseOssUrl(text: string | undefined): OssName {
  if (text === undefined) throw refused('Name an object.')
  const shown = `"${printable(text, 80)}"`
  if (!text.startsWith('oss://')) throw refused(`${shown} does not begin with oss://.`)
  const rest = text.slice('oss://'.length)
  if (rest === '') return { bucket: undefined, key: undefined }
  const slash = rest.indexOf('/')
  const bucket = slash < 0 ? rest : rest.slice(0, slash)
  const key = slash < 0 ? '' : rest.slice(slash + 1)
  if (bucket === '') throw refused(`${shown} names no bucket.`)
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(bucket))
    throw refused(`"${printable(bucket, 70)}" cannot be a bucket: small letters, digits and hyphens.`)
  if (Buffer.byteLength(key) > 1023) throw refused('The key is longer than 1023 bytes.')
  return { bucket, key: key === '' ? undefined : key }
}

function refused(message: string): SesameError {
  return new SesameError('ERR_USAGE', message, { hint: 'An object is written as oss://bucket/key.' })
}
