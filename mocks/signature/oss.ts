import type { RecordedRequest } from '../http/recorded-request.ts'
import type { SignedRequest } from './acs3.ts'
import { signOssV1 } from './oss-v1.ts'
import { signOssV4 } from './oss-v4.ts'

/** What a signed request to OSS says about itself. */
export interface OssSignature extends SignedRequest {
  version: 'V1' | 'V4'
  place: 'header' | 'query'
  /** When it says that it was signed; undefined when it does not say, or nothing that is an instant. V1 URLs never say. */
  signedAt: Date | undefined
  /** When a URL ends; undefined for headers, and for a URL that does not say it properly. */
  expiresAt: Date | undefined
  /** V4: what the credential says, as `20261121/cn-hangzhou/oss/aliyun_v4_request`. */
  scope: string | undefined
}

/** `/bucket/key` decoded; `/bucket/` for a bucket, `/` for the service. */
export type OssResource = string

/**
 * Reads an OSS request that is signed in its header or URL, V1 or V4; undefined when it is not, or when the signature cannot be
 * read. Without `resource` it is the path, and the bucket where the host's name begins with one.
 */
export function readOssSignature(
  request: RecordedRequest,
  resource: OssResource = resourceFromHost(request),
): OssSignature | undefined {
  if (request.headers.authorization !== undefined) return readHeader(request, resource)
  if (request.queryAll.has('x-oss-signature')) return readV4Query(request, resource)
  return request.queryAll.has('Signature') ? readV1Query(request, resource) : undefined
}

function readHeader(request: RecordedRequest, resource: OssResource): OssSignature | undefined {
  const { authorization = '', date = '' } = request.headers
  const securityToken = request.headers['x-oss-security-token']?.toString()
  const ossDate = request.headers['x-oss-date']?.toString()
  const common = { place: 'header', securityToken, expiresAt: undefined } as const
  const v1 = authorization.match(/^OSS ([^:]+):(.+)$/)
  if (v1) {
    const [, accessKeyId = '', signature] = v1
    const moment = ossDate ?? date
    return {
      ...common,
      version: 'V1',
      accessKeyId,
      scope: undefined,
      signedAt: instant(moment),
      isSignedWith: (secret) => signOssV1(request, resource, moment, secret) === signature,
    }
  }
  const v4 = authorization.match(
    /^OSS4-HMAC-SHA256 Credential=([^/,]+)\/([^,]+),(?:\s*AdditionalHeaders=([^,]+),)?\s*Signature=([0-9a-f]{64})$/,
  )
  if (!v4) return undefined
  const [, accessKeyId = '', scope = '', additional = '', signature] = v4
  // ossutil 1 sends no x-oss-date, and signs its Date as it stands.
  const timestamp = ossDate ?? date
  const signed = { resource, scope, additional, timestamp, query: [...request.queryAll] }
  return {
    ...common,
    version: 'V4',
    accessKeyId,
    scope,
    signedAt: ossDate === undefined ? instant(date) : compactInstant(ossDate),
    isSignedWith: (secret) => signOssV4(request, signed, secret) === signature,
  }
}

function readV4Query(request: RecordedRequest, resource: OssResource): OssSignature | undefined {
  const { queryAll } = request
  const [accessKeyId = '', ...scopeParts] = (queryAll.get('x-oss-credential') ?? '').split('/')
  if (queryAll.get('x-oss-signature-version') !== 'OSS4-HMAC-SHA256' || accessKeyId === '') return undefined
  const timestamp = queryAll.get('x-oss-date') ?? ''
  const signedAt = compactInstant(timestamp)
  const seconds = Number(queryAll.get('x-oss-expires') || Number.NaN)
  const allowed = Number.isInteger(seconds) && seconds >= 1 && seconds <= 604_800
  const scope = scopeParts.join('/')
  const additional = queryAll.get('x-oss-additional-headers') ?? ''
  const query = [...queryAll].filter(([name]) => name !== 'x-oss-signature')
  return {
    version: 'V4',
    place: 'query',
    accessKeyId,
    securityToken:
      queryAll.get('x-oss-security-token') ?? request.headers['x-oss-security-token']?.toString(),
    scope,
    signedAt,
    expiresAt: signedAt && allowed ? new Date(signedAt.getTime() + seconds * 1000) : undefined,
    isSignedWith: (secret) =>
      signOssV4(request, { resource, scope, additional, timestamp, query }, secret) ===
      queryAll.get('x-oss-signature'),
  }
}

function readV1Query(request: RecordedRequest, resource: OssResource): OssSignature | undefined {
  const { queryAll } = request
  const accessKeyId = queryAll.get('OSSAccessKeyId') ?? ''
  const expires = queryAll.get('Expires') ?? ''
  if (accessKeyId === '') return undefined
  return {
    version: 'V1',
    place: 'query',
    accessKeyId,
    securityToken: queryAll.get('security-token') ?? request.headers['x-oss-security-token']?.toString(),
    scope: undefined,
    signedAt: undefined,
    expiresAt: /^\d{1,12}$/.test(expires) ? new Date(Number(expires) * 1000) : undefined,
    isSignedWith: (secret) => signOssV1(request, resource, expires, secret) === queryAll.get('Signature'),
  }
}

/** The bucket stands in the path, or in the host's name (which loopback clients of a named bucket send all the same). */
function resourceFromHost({ path, headers: { host = '' } }: RecordedRequest): OssResource {
  const bucket = /^([a-z0-9][a-z0-9-]*)\.oss-[\w-]+\.aliyuncs\.com(?::\d+)?$/.exec(host)?.[1]
  return decodeURIComponent(bucket === undefined ? path : `/${bucket}${path}`)
}

function instant(text: string): Date | undefined {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** `20231216T162057Z` */
function compactInstant(text = ''): Date | undefined {
  const [, ...parts] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text) ?? []
  const [year, month, day, hour, minute, second] = parts
  return parts.length === 0 ? undefined : instant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
