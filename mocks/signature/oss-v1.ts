import { createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'

/** The query members that are part of what an OSS V1 signature signs; the rest is not. */
const signedMembers = new RegExp(
  `^(?:${[
    'acl|append|asyncFetch|bucketInfo|callback|callback-var|cloudboxes|cname|comp|continuation-token|cors|delete',
    'encryption|endTime|group|inventory|inventoryId|lifecycle|link|live|location|logging|metaQuery|objectInfo',
    'objectMeta|partNumber|policy|position|qos|qosInfo|referer|regionList|replication|replicationLocation',
    'replicationProgress|requestPayment|resourceGroup|restore|security-token|sequential|startTime|stat|status',
    'symlink|tagging|transferAcceleration|uploadId|uploads|versionId|versioning|versions|vod|website|worm',
    'wormExtend|wormId|response-.*|x-oss-.*',
  ].join('|')})$`,
)

/** Base64 HMAC-SHA1 over verb, MD5, type, date (or expiry), x-oss headers and resource. */
export function signOssV1(
  { method, queryAll, headers }: RecordedRequest,
  resource: string,
  date: string,
  secret: string,
): string {
  const own = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-oss-'))
    .map(([name, value]): [string, string] => [name, String(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const members = [...queryAll]
    .filter(([name]) => signedMembers.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  const canonical = own.join('') + resource + (members.length > 0 ? `?${members.join('&')}` : '')
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date, canonical]
  return createHmac('sha1', secret).update(lines.join('\n')).digest('base64')
}
