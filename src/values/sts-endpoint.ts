import { parseSecureUrl, parseUrl, pastedText, printable, SesameError, t } from '../kit/index.ts'
import { regionId } from './region.ts'

export interface StsEndpointChoice {
  /** A host (https), or a URL (http for a literal loopback address only). Stronger than the region. */
  endpoint?: string | undefined
  /** Region id in its normal form, such as `cn-hangzhou`. */
  region?: string | undefined
  /** The endpoint inside of a VPC of that region. */
  vpc?: boolean | undefined
}

const central = 'https://sts.aliyuncs.com'

/** Regions without an endpoint of their own, as the vendor's SDKs know them (`_endpointMap` of sts20150401 1.2.0). */
const centralRegions: ReadonlySet<string> = new Set([
  'ap-northeast-2-pop',
  'ap-south-1',
  'ap-southeast-2',
  'cn-beijing-finance-pop',
  'cn-beijing-gov-1',
  'cn-edge-1',
  'cn-fujian',
  'cn-hongkong-finance-pop',
  'cn-wuhan',
  'cn-yushanfang',
  'cn-zhangbei',
  'eu-west-1-oxs',
  'rus-west-1-pop',
])

const option = '--sts-endpoint'
const hostAndPort = /^(?:[A-Za-z0-9_][\w.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

/**
 * Where STS answers, as a URL without a path: the endpoint named, else that of the region, else the central one.
 *
 * @throws SesameError ERR_CONFIG for what is neither host nor URL, a URL with more than an address, no region id;
 *   ERR_INSECURE_URL for plain http to anything but a literal loopback address
 */
export function stsEndpoint({ endpoint, region, vpc = false }: StsEndpointChoice): string {
  if (endpoint !== undefined) return endpoint.includes('://') ? fromUrl(endpoint) : fromHost(endpoint)
  if (region === undefined) {
    if (vpc) throw new SesameError('ERR_CONFIG', t('The VPC endpoint of STS needs a --region.'))
    return central
  }
  if (!regionId.test(region)) {
    throw new SesameError(
      'ERR_CONFIG',
      t('{what} must be a region id such as cn-hangzhou, not {value}.', {
        what: '--region',
        value: shown(region),
      }),
    )
  }
  if (!vpc && centralRegions.has(region)) return central
  return `https://${vpc ? 'sts-vpc' : 'sts'}.${region}.aliyuncs.com`
}

function fromHost(text: string): string {
  const host = pastedText(text)
  if (!hostAndPort.test(host) || parseUrl(`https://${host}`) === undefined) {
    throw new SesameError(
      'ERR_CONFIG',
      t('{option} must be a host such as sts.cn-hangzhou.aliyuncs.com, or a URL, not {value}.', {
        option,
        value: shown(host),
      }),
    )
  }
  return parseSecureUrl(`https://${host}`, option).origin
}

function fromUrl(text: string): string {
  const pasted = pastedText(text)
  if (parseUrl(pasted) === undefined)
    throw new SesameError(
      'ERR_CONFIG',
      t('{what} is not a URL: {address}', { what: option, address: shown(text) }),
    )
  const url = parseSecureUrl(pasted, option)
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new SesameError(
      'ERR_CONFIG',
      t('{option} must be an address without path or query: {origin}', { option, origin: url.origin }),
    )
  }
  return url.origin
}

function shown(text: string): string {
  return text.trim() === ''
    ? t('empty')
    : printable(text.replace(/^((?:[a-z]+:\/\/)?)[^/?#]*@/i, '$1…@'), 100)
}
