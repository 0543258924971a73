import type { Directory } from './directory.ts'

/** Who presses the button on the device page. */
export type Approval = 'manual' | 'auto' | 'deny' | { afterPolls: number }

export interface CloudSsoOptions {
  /** 0 (default) takes any free port. */
  port?: number
  /** Serve https with this key and certificate (PEM). */
  tls?: { key: string; cert: string }
  /** The base URL that clients use when it is not `url`, as behind a proxy that maps names. */
  publicUrl?: string
  /** Path of the sign-in URL; its first segment names the directory. Default `/acme/login`. */
  portalPath?: string
  clientId?: string
  directory?: Directory
  /** Shortest wait before each poll, enforced by the mock. May be a fraction. Default 5. */
  intervalSeconds?: number
  /** What is sent as `Interval`. Default: `intervalSeconds`. */
  wireIntervalSeconds?: number
  /** false: a poll that comes too soon is recorded in `violations` but answered as if in time. Default true. */
  enforceInterval?: boolean
  /** By how much a SlowDown answer raises the wait of that device code. Default 5. */
  slowDownSeconds?: number
  /** Life of a device code. Default 600. */
  deviceCodeSeconds?: number
  /** Life of an access token. Default 28800. */
  accessTokenSeconds?: number
  /** Life of the cloud credentials. Default 3600. */
  sessionSeconds?: number
  /** Default `manual`: a person on the device page, or `approve(userCode)`. */
  approve?: Approval
  /** Delay before each answer. */
  latencyMs?: number
  /** How many requests for lists it takes; what is more is answered 429 `Throttling.User`. Default: any number. */
  throttle?: Throttle
  /** The server's clock minus the true time: shifts `Date` headers and `Expiration`. Default 0. */
  dateOffsetSeconds?: number
}

export type CloudSsoSettings = Required<
  Omit<CloudSsoOptions, 'port' | 'tls' | 'publicUrl' | 'latencyMs' | 'throttle'>
>

/** Limits of a portal that many lists are asked of. */
export interface Throttle {
  atOnce?: number
  perSecond?: number
  /** Sent as `Retry-After` with each refusal. */
  retryAfterSeconds?: number
}

/** The public client id that the vendor's own command line tools use. */
export const defaultClientId = 'app-vaz16tltdxs96audqf35'

export function withDefaults(options: CloudSsoOptions, directory: Directory): CloudSsoSettings {
  const intervalSeconds = options.intervalSeconds ?? 5
  return {
    portalPath: options.portalPath ?? '/acme/login',
    clientId: options.clientId ?? defaultClientId,
    directory: options.directory ?? directory,
    intervalSeconds,
    wireIntervalSeconds: options.wireIntervalSeconds ?? intervalSeconds,
    enforceInterval: options.enforceInterval ?? true,
    slowDownSeconds: options.slowDownSeconds ?? 5,
    deviceCodeSeconds: options.deviceCodeSeconds ?? 600,
    accessTokenSeconds: options.accessTokenSeconds ?? 28_800,
    sessionSeconds: options.sessionSeconds ?? 3600,
    approve: options.approve ?? 'manual',
    dateOffsetSeconds: options.dateOffsetSeconds ?? 0,
  }
}
