import {
  misuse,
  readChoice,
  readDate,
  readFunction,
  readNumber,
  readOptions,
  readText,
  readTexts,
  t,
} from '../kit/index.ts'
import { readEndpointName } from './endpoints.ts'
import type { ExpiryNotice } from './expiry.ts'

/** How a request is signed, and where it goes. A wrong value or combination is a SesameError `ERR_USAGE`. */
export interface OssSigningOptions {
  /** The instant of signing. OSS refuses one that is more than 15 minutes off its own clock. */
  now: Date
  /**
   * The region's id, `cn-hangzhou` (`oss-cn-hangzhou` and capitals are understood); the id of the cloud box for
   * `oss-cloudbox`. V4 needs it; it also makes the default endpoint. Without it the name of `endpoint` says it, if it
   * is one of OSS.
   */
  region?: string | undefined
  /** Default `oss`. V4 only: V1 signs no product. */
  product?: 'oss' | 'oss-cloudbox' | undefined
  /**
   * A host (https), or a URL without a path; http for a literal loopback address only. Default
   * `oss-<region>.aliyuncs.com`; `oss-cloudbox` has none.
   */
  endpoint?: string | undefined
  /**
   * Where the bucket stands: before the endpoint's name (`virtual-host`, default), in the path (`path`, default for an
   * endpoint that is an IP address), or nowhere because the endpoint is a domain bound to it (`cname`, needs
   * `endpoint`).
   */
  style?: 'virtual-host' | 'path' | 'cname' | undefined
  /**
   * How long a URL is valid, in whole seconds; default 3600. More than 604800 (7 days) is refused by V4, more than
   * 2147483647 by V1. More than is left
   * of the credentials' own life is cut down to that, and `onNotice` hears of it. Headers have no expiry of their own:
   * signing them does not look at this.
   */
  expiresSeconds?: number | undefined
  /**
   * V4 only: further headers that are signed, and so must be sent as they are. `host` needs no value, every other one must
   * be among the request's headers. `content-type`, `content-md5` and `x-oss-*` always are signed. V1 cannot: refused.
   */
  additionalHeaders?: readonly string[] | undefined
  /** V1 only: query members that OSS signs as sub-resources beyond the list built in. V4 signs the whole query anyway. */
  extraSubResources?: readonly string[] | undefined
  /** Hears that a URL will end sooner than was asked for. */
  onNotice?: ((notice: ExpiryNotice) => void) | undefined
}

/** Where a request goes. */
export type OssDestination = Pick<OssSigningOptions, 'endpoint' | 'product' | 'region' | 'style'>

/** A destination that has been read. */
export interface ReadDestination {
  /** The bare id of the region. */
  region: string | undefined
  product: 'oss' | 'oss-cloudbox' | undefined
  endpoint: string | undefined
  style: 'virtual-host' | 'path' | 'cname' | undefined
}

/** Options that have been read, each of them once. */
export interface ReadSigningOptions extends ReadDestination {
  now: Date
  expiresSeconds: number
  additionalHeaders: readonly string[]
  extraSubResources: readonly string[]
  onNotice: ((notice: ExpiryNotice) => void) | undefined
}

const defaultExpiresSeconds = 3600
/** As far as 32 bits count. */
const longestExpirySeconds = 2 ** 31 - 1
/** The end of the year 9999: what comes later has another form. */
const latestMs = 253_402_300_799_999

/** @throws SesameError ERR_USAGE for a value of another type or out of range */
export function readSigningOptions(options: OssSigningOptions): ReadSigningOptions {
  const { now, expiresSeconds, additionalHeaders, extraSubResources, onNotice } = readOptions(options)
  const seconds = { min: 1, max: longestExpirySeconds, integer: true, unit: 'seconds' } as const
  const { region, product, endpoint, style } = readDestination(options)
  // Named one by one: a spread into an object that has more members costs as much as a hash.
  return {
    region,
    product,
    endpoint,
    style,
    now: readNow(now),
    expiresSeconds: readNumber(expiresSeconds, 'options.expiresSeconds', seconds) ?? defaultExpiresSeconds,
    additionalHeaders: readTexts(additionalHeaders, 'options.additionalHeaders') ?? [],
    extraSubResources: readTexts(extraSubResources, 'options.extraSubResources') ?? [],
    onNotice: readFunction(onNotice, 'options.onNotice'),
  }
}

/** @throws SesameError ERR_USAGE */
export function readDestination(options: OssDestination): ReadDestination {
  const { region, product, endpoint, style } = readOptions(options)
  const host = readText(endpoint, 'options.endpoint')
  return {
    region: readRegion(region) ?? (host && readEndpointName(host)?.region),
    product: readChoice(product, 'options.product', ['oss', 'oss-cloudbox']),
    endpoint: host,
    style: readChoice(style, 'options.style', ['virtual-host', 'path', 'cname']),
  }
}

function readNow(value: unknown): Date {
  const now = readDate(value, 'options.now')
  const ms = now?.getTime() ?? Number.NaN
  if (now === undefined || !(ms >= 0 && ms <= latestMs))
    throw misuse('options.now', t('a valid Date from 1970 to 9999'))
  return now
}

function readRegion(value: unknown): string | undefined {
  const region = readText(value, 'options.region')
  if (region === undefined) return undefined
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(region))
    throw misuse('options.region', t('a region id, such as cn-hangzhou'))
  return region.toLowerCase().replace(/^oss-/, '')
}
