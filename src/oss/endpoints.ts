/**
 * Names of OSS endpoints, and the regions that they stand for.
 * https://help.aliyun.com/zh/oss/user-guide/regions-and-endpoints
 */

/** What the host of an endpoint says. */
export interface OssEndpointName {
  /** A bucket before the endpoint's name: what the console shows as the domain of a bucket. */
  bucket: string | undefined
  /** The region's id; undefined for the accelerated endpoints, which serve all regions. */
  region: string | undefined
  /** True for a region of the documentation's list; another one is read from the name, and may be wrong. */
  isListed: boolean
}

/** Names in endpoints that are not the region's id: the finance cloud. */
const regionsByName: Readonly<Record<string, string>> = {
  'cn-hzjbp': 'cn-hangzhou-finance',
  'cn-hzjbp-a': 'cn-hangzhou-finance',
  'cn-hzjbp-b': 'cn-hangzhou-finance',
  'cn-hzfinance': 'cn-hangzhou-finance',
  'cn-szfinance': 'cn-shenzhen-finance-1',
  'cn-shanghai-finance-1-pub': 'cn-shanghai-finance-1',
  'cn-beijing-finance-1-pub': 'cn-beijing-finance-1',
  // Dual-stack names.
  'cn-shanghai-finance': 'cn-shanghai-finance-1',
  'cn-shenzhen-finance': 'cn-shenzhen-finance-1',
}

/** Public endpoints that are not named after their region. */
const namesByRegion: Readonly<Record<string, string>> = {
  'cn-hangzhou-finance': 'cn-hzfinance',
  'cn-shanghai-finance-1': 'cn-shanghai-finance-1-pub',
  'cn-shenzhen-finance-1': 'cn-szfinance',
  'cn-beijing-finance-1': 'cn-beijing-finance-1-pub',
}

const listedRegions: ReadonlySet<string> = new Set(
  [
    'cn-hangzhou cn-shanghai cn-nanjing cn-fuzhou cn-wuhan-lr cn-qingdao cn-beijing cn-zhangjiakou cn-huhehaote',
    'cn-wulanchabu cn-shenzhen cn-heyuan cn-guangzhou cn-chengdu cn-zhongwei cn-hongkong rg-china-mainland',
    'ap-northeast-1 ap-northeast-2 ap-southeast-1 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7',
    'ap-southeast-8 eu-central-1 eu-west-1 eu-west-2 us-west-1 us-east-1 na-south-1 me-east-1 cn-north-2-gov-1',
    ...Object.keys(namesByRegion),
  ]
    .join(' ')
    .split(' '),
)

/** `[BUCKET.][s3.]oss-NAME[-internal]`; a bucket has three characters at least, so `s3` is none. */
const plainName =
  /^(?:(?<bucket>[a-z0-9][a-z0-9-]{2,62})\.)?(?:s3\.)?(?:vpc100-)?oss-(?<name>[a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/
/** `[BUCKET.]REGION.oss[-internal]`: IPv4 and IPv6. */
const dualStackName =
  /^(?:(?<bucket>[a-z0-9][a-z0-9-]{2,62})\.)?(?<name>[a-z0-9-]+)\.oss(?:-internal)?\.aliyuncs\.com$/
/** `NAME-NUMBER.oss-REGION[-internal].oss-accesspoint`: the name stands for a bucket already. */
const accessPointName = /^[a-z0-9-]+\.oss-(?<name>[a-z0-9-]+?)(?:-internal)?\.oss-accesspoint\.aliyuncs\.com$/

/** The host of an endpoint or its URL, in small letters. */
export function hostOfEndpoint(endpoint: string): string {
  const host = endpoint
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[:/?#].*$/s, '')
  return host.toLowerCase().replace(/\.$/, '')
}

/** Reads the host of an endpoint or its URL, in any case; undefined for one that is not named as OSS names them. */
export function readEndpointName(endpoint: string): OssEndpointName | undefined {
  const host = hostOfEndpoint(endpoint)
  const match = plainName.exec(host) ?? dualStackName.exec(host) ?? accessPointName.exec(host)
  const { bucket, name } = match?.groups ?? {}
  if (name === undefined) return undefined
  const region = name.startsWith('accelerate') ? undefined : (regionsByName[name] ?? name)
  return { bucket, region, isListed: region !== undefined && listedRegions.has(region) }
}

/** The public endpoint of a region: `oss-cn-hangzhou.aliyuncs.com`. */
export function publicEndpointOf(region: string): string {
  return `oss-${namesByRegion[region] ?? region}.aliyuncs.com`
}
