import type { ExpiryNotice } from './expiry.ts'

/** How a request is signed, and where it goes. A wrong combination is a `TypeError`. */
export interface OssSigningOptions {
  /** The instant of signing. OSS refuses one that is more than 15 minutes off its own clock. */
  now: Date
  /**
   * The region's id, `cn-hangzhou` (`oss-cn-hangzhou` is understood); the id of the cloud box for `oss-cloudbox`. V4 needs
   * it; it also makes the default endpoint.
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
   * How long a URL lives, in whole seconds; default 3600. More than 604800 (7 days) is refused by V4. More than is left
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

/** @throws TypeError when there is no instant to sign at */
export function checkNow(now: unknown): Date {
  if (now instanceof Date && !Number.isNaN(now.getTime())) return now
  throw new TypeError('options.now must be a valid Date.')
}

/** The bare id of the region, or undefined. @throws TypeError for what is none */
export function checkRegion({ region }: Pick<OssSigningOptions, 'region'>): string | undefined {
  if (region === undefined) return undefined
  if (typeof region !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(region))
    throw new TypeError('options.region must be a region id, such as cn-hangzhou.')
  return region.replace(/^oss-/, '')
}
