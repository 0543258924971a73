import { createHash, createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { percentEncode, type SignedRequest } from './acs3.ts'

/** The query members that are part of what an OSS V1 signature signs; the rest is not. */
const signedMembers =
  /^(?:acl|append|bucketInfo|delete|location|objectMeta|partNumber|position|restore|security-token|stat|symlink|tagging|uploadId|uploads|versionId|versioning|versions|response-.*|x-oss-.*)$/

/** Reads an OSS request whose signature is in its header, V1 or V4; undefined when it is not signed so. */
export function readOssSignature(request: RecordedRequest): SignedRequest | undefined {
  const authorization = request.headers.authorization ?? ''
  const securityToken = request.headers['x-oss-security-token']?.toString()
  const v1 = authorization.match(/^OSS ([^:]+):(.+)$/)
  if (v1) {
    const [, accessKeyId = '', signature] = v1
    const isSignedWith = (secret: string) => signV1(request, secret) === signature
    return { accessKeyId, securityToken, isSignedWith }
  }
  const v4 = authorization.match(
    /^OSS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+?)(?:,\s*AdditionalHeaders=([^,]+))?,\s*Signature=([0-9a-f]{64})$/,
  )
  if (!v4) return undefined
  const [, accessKeyId = '', scope = '', additional = '', signature] = v4
  const isSignedWith = (secret: string) => signV4(request, scope, additional, secret) === signature
  return { accessKeyId, securityToken, isSignedWith }
}

/** Base64 HMAC-SHA1 over verb, MD5, type, date, x-oss headers and resource. */
function signV1({ method, path, queryAll, headers }: RecordedRequest, secret: string): string {
  const own = ossHeaders(headers).map(([name, value]) => `${name}:${value}\n`)
  const members = [...queryAll]
    .filter(([name]) => signedMembers.test(name))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .sort()
  const resource =
    decodeURIComponent(resourcePath(path, headers.host)) + (members.length > 0 ? `?${members.join('&')}` : '')
  const date = headers['x-oss-date'] ?? headers.date ?? ''
  const lines = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    date,
    own.join('') + resource,
  ]
  return createHmac('sha1', secret).update(lines.join('\n')).digest('base64')
}

/** Hex HMAC-SHA256 with a key derived from secret, day, region and product. */
function signV4(request: RecordedRequest, scope: string, additional: string, secret: string): string {
  const { method, path, queryAll, headers } = request
  const query = [...queryAll]
    .map(([name, value]) =>
      value === '' ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`,
    )
    .sort()
  const names = additional === '' ? [] : additional.split(';')
  const signed = Object.entries(headers)
    .filter(([name]) => /^(?:content-type|content-md5|x-oss-.*)$/.test(name) || names.includes(name))
    .map(([name, value]) => `${name}:${String(value).trim()}\n`)
    .sort()
  const hash = String(headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD')
  const canonical = [
    method,
    resourcePath(path, headers.host),
    query.join('&'),
    signed.join(''),
    additional,
    hash,
  ].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  const text = ['OSS4-HMAC-SHA256', headers['x-oss-date'], scope, digest].join('\n')
  const key = scope
    .split('/')
    .reduce<string | Buffer>((former, part) => hmac(former, part), `aliyun_v4${secret}`)
  return hmac(key, text).toString('hex')
}

/** The bucket stands in the path, or in the host's name (which loopback clients of a named bucket send all the same). */
function resourcePath(path: string, host = ''): string {
  const bucket = /^([a-z0-9][a-z0-9-]*)\.oss-[\w-]+\.aliyuncs\.com$/.exec(host)?.[1]
  return bucket === undefined ? path : `/${bucket}${path}`
}

function ossHeaders(headers: RecordedRequest['headers']): [string, string][] {
  return Object.entries(headers)
    .filter(([name]) => name.startsWith('x-oss-'))
    .map(([name, value]): [string, string] => [name, String(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
