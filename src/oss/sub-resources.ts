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
export function isSubResource(name: string, extra: readonly string[]): boolean {
  return (
    subResources.has(name) ||
    name.startsWith('response-') ||
    name.startsWith('x-oss-') ||
    extra.includes(name)
  )
}
