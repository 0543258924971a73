import { createHash } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply, ReplyHeaders } from '../http/reply.ts'
import type { OssAddress } from './address.ts'
import type { OssRefusal } from './refusal.ts'
import { xmlDocument } from './xml.ts'

/** One object. Its content is text: the recording server keeps no bytes. */
export interface StoredObject {
  text: string
  contentType: string
  /** Members of `x-oss-meta-*`, without the prefix. */
  meta: Record<string, string>
  etag: string
  lastModified: Date
}

/** `bucket/key` to object. */
export type ObjectStore = Map<string, StoredObject>

/** Does what a request on an object asks for: PUT, GET, HEAD, DELETE, and its ACL. */
export function answerObject(
  request: RecordedRequest,
  { bucket, key }: OssAddress,
  objects: ObjectStore,
  now: Date,
): Reply | OssRefusal {
  const name = `${bucket}/${key}`
  const { method, queryAll } = request
  if (method === 'PUT' && !queryAll.has('acl')) return put(request, name, objects, now)
  if (method === 'DELETE') {
    objects.delete(name)
    return { status: 204, body: '' }
  }
  const object = objects.get(name)
  if (method !== 'GET' && method !== 'HEAD' && method !== 'PUT')
    return {
      status: 405,
      code: 'MethodNotAllowed',
      message: 'The method is not allowed against this resource.',
    }
  if (object === undefined)
    return {
      status: 404,
      code: 'NoSuchKey',
      message: 'The specified key does not exist.',
      ec: '0026-00000001',
      details: { Key: key },
    }
  if (queryAll.has('acl')) return method === 'PUT' ? { status: 200, body: '' } : aclReply()
  return { status: 200, headers: { ...headersOf(object), ...overrides(queryAll) }, body: object.text }
}

/** Whose everything is. */
export const owner = { ID: '1432949406168187', DisplayName: '1432949406168187' }

export function aclReply(): Reply {
  const content = { Owner: owner, AccessControlList: { Grant: 'private' } }
  return xmlReply(xmlDocument('AccessControlPolicy', content))
}

export function xmlReply(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

function put(
  { headers, text }: RecordedRequest,
  name: string,
  objects: ObjectStore,
  now: Date,
): Reply | OssRefusal {
  const md5 = createHash('md5').update(text)
  const digest = md5.copy().digest('base64')
  if (headers['content-md5'] !== undefined && headers['content-md5'] !== digest)
    return { status: 400, code: 'InvalidDigest', message: 'The Content-MD5 you specified is not valid.' }
  const etag = `"${md5.digest('hex').toUpperCase()}"`
  const meta = Object.entries(headers).filter(([header]) => header.startsWith('x-oss-meta-'))
  objects.set(name, {
    text,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    meta: Object.fromEntries(
      meta.map(([header, value]) => [header.slice('x-oss-meta-'.length), String(value)]),
    ),
    etag,
    lastModified: now,
  })
  return { status: 200, headers: { etag }, body: '' }
}

function headersOf({ contentType, meta, etag, lastModified }: StoredObject): ReplyHeaders {
  return {
    'content-type': contentType,
    etag,
    'last-modified': lastModified.toUTCString(),
    ...Object.fromEntries(Object.entries(meta).map(([name, value]) => [`x-oss-meta-${name}`, value])),
  }
}

/** `response-content-type=…` and similar parameters replace the headers of the object. */
function overrides(query: URLSearchParams): ReplyHeaders {
  return Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith('response-'))
      .map(([name, value]) => [name.slice('response-'.length), value]),
  )
}
