import { createHmac } from 'node:crypto'
import { t } from '../kit/index.ts'
import type { CheckedRequest } from './oss-request.ts'
import { quoted, refused } from './refused.ts'
import type { ReadSigningOptions } from './signing-options.ts'

/**
 * The base64 signature of a request whose headers and query are complete but for the signature itself. `date` is what stands
 * in the place of the date: the instant of signing, or that of expiry in a URL.
 * https://help.aliyun.com/zh/oss/developer-reference/include-signatures-in-the-authorization-header
 */
export function signatureV1(
  request: CheckedRequest,
  date: string,
  accessKeySecret: string,
  { extraSubResources }: ReadSigningOptions,
): string {
  const { method, headers } = request
  const ossHeaders = [...headers]
    .filter(([name]) => name.startsWith('x-oss-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const text = [
    method,
    headers.get('content-md5') ?? '',
    headers.get('content-type') ?? '',
    date,
    ossHeaders.join('') + canonicalResource(request, extraSubResources),
  ]
  return createHmac('sha1', accessKeySecret).update(text.join('\n')).digest('base64')
}

function canonicalResource({ bucket, key, query }: CheckedRequest, extra: readonly string[]): string {
  const signed = query.filter(([name]) => isSubResource(name, extra))
  const names = signed.map(([name]) => name)
  const repeated = names.find((name, i) => names.indexOf(name) !== i)
  if (repeated !== undefined)
    throw refused(t('V1 signs one value of request.query {name}; use V4.', { name: quoted(repeated) }))
  const members = signed
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  refuseSmuggled(key, members, extra)
  const resource = bucket === undefined ? '/' : `/${bucket}/${key}`
  return members.length === 0 ? resource : `${resource}?${members.join('&')}`
}

/**
 * V1 signs key and values as they are, so `a?acl` as a key and `?acl` of `a` have one signature: a caller who may choose a key
 * could turn its signature into another request. @throws SesameError ERR_USAGE for text that reads as a sub-resource
 */
function refuseSmuggled(key: string, members: readonly string[], extra: readonly string[]): void {
  const foreign = [...key.split(/[?&]/).slice(1), ...members.flatMap((member) => member.split('&').slice(1))]
  const smuggled = foreign
    .map((text) => text.split('=', 1)[0] ?? '')
    .find((name) => isSubResource(name, extra))
  if (smuggled !== undefined)
    throw refused(
      t('V1 cannot distinguish {name} in a key or value from a sub-resource; use V4.', {
        name: quoted(smuggled),
      }),
    )
}

/** @throws SesameError ERR_USAGE for headers that V1 would leave unsigned although they are to be signed */
export function refuseAdditionalHeaders({ additionalHeaders }: ReadSigningOptions): void {
  if (additionalHeaders.length > 0) throw refused(t('V1 cannot sign options.additionalHeaders; use V4.'))
}

/**
 * Query members that V1 signs, beside `response-*` and `x-oss-*`: sub-resources of an object, of a bucket and of the service.
 * https://help.aliyun.com/zh/oss/developer-reference/include-signatures-in-the-authorization-header
 */
const subResources: ReadonlySet<string> = new Set(
  [
    'append callback callback-var objectInfo objectMeta partNumber position restore security-token sequential symlink',
    'tagging uploadId uploads versionId asyncFetch link',
    'acl bucketInfo cname comp continuation-token cors delete encryption group inventory inventoryId lifecycle',
    'location logging metaQuery policy qos qosInfo referer replication replicationLocation replicationProgress',
    'requestPayment resourceGroup stat transferAcceleration versioning versions website worm wormExtend wormId',
    'cloudboxes endTime live regionList startTime status vod',
    'accessPoint accessPointPolicy bucketArchiveDirectRead httpsConfig img policyStatus processConfiguration',
    'publicAccessBlock redundancyTransition seal style styleName vip vpcip',
    'udf udfApplication udfApplicationLog udfId udfImage udfImageDesc udfName',
  ]
    .join(' ')
    .split(' '),
)

/** Whether V1 signs a query member; `extra` are names that the caller knows of. */
function isSubResource(name: string, extra: readonly string[]): boolean {
  return (
    subResources.has(name) ||
    name.startsWith('response-') ||
    name.startsWith('x-oss-') ||
    extra.includes(name)
  )
}
