import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import { aclReply, type ObjectStore, owner, xmlReply } from './objects.ts'
import type { OssRefusal } from './refusal.ts'
import { xmlDocument } from './xml.ts'

/** ListBuckets, the one request that names no bucket. */
export function answerService({ method }: RecordedRequest, buckets: ReadonlySet<string>): Reply | OssRefusal {
  if (method !== 'GET') return { status: 405, code: 'MethodNotAllowed', message: 'Only GET is allowed.' }
  const list = [...buckets].map((Name) => ({ Name }))
  return xmlReply(xmlDocument('ListAllMyBucketsResult', { Owner: owner, Buckets: { Bucket: list } }))
}

/** Does what a request on a bucket asks for: PUT, HEAD, DELETE, its list of objects, and its ACL. */
export function answerBucket(
  { method, queryAll }: RecordedRequest,
  bucket: string,
  buckets: Set<string>,
  objects: ObjectStore,
): Reply | OssRefusal {
  if (method === 'PUT') {
    buckets.add(bucket)
    return { status: 200, body: '' }
  }
  if (method === 'HEAD') return { status: 200, body: '' }
  if (method === 'GET')
    return queryAll.has('acl') ? aclReply() : list(bucket, queryAll.get('prefix') ?? '', objects)
  if (method !== 'DELETE')
    return {
      status: 405,
      code: 'MethodNotAllowed',
      message: 'The method is not allowed against this resource.',
    }
  if ([...objects.keys()].some((name) => name.startsWith(`${bucket}/`)))
    return {
      status: 409,
      code: 'BucketNotEmpty',
      message: 'The bucket has objects. Please delete them first.',
    }
  buckets.delete(bucket)
  return { status: 204, body: '' }
}

function list(bucket: string, prefix: string, objects: ObjectStore): Reply {
  const contents = [...objects]
    .filter(([name]) => name.startsWith(`${bucket}/${prefix}`))
    .map(([name, { etag, lastModified, text }]) => ({
      Key: name.slice(bucket.length + 1),
      LastModified: lastModified.toISOString(),
      ETag: etag,
      Size: String(Buffer.byteLength(text)),
      StorageClass: 'Standard',
      Owner: owner,
    }))
  const result = { Name: bucket, Prefix: prefix, MaxKeys: '100', IsTruncated: 'false', Contents: contents }
  return xmlReply(xmlDocument('ListBucketResult', result))
}
