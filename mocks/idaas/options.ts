import { randomBytes } from 'node:crypto'
import { randomText } from '../cloudsso/secrets.ts'

type Claims = Record<string, unknown>

export interface IdaasOptions {
  /** 0 (default) takes any free port. */
  port?: number
  /** Serve https with this key and certificate (PEM). */
  tls?: { key: string; cert: string }
  /** Delay before each answer. */
  latencyMs?: number
  /** The application, as its details page shows it. Default: made up for this server. */
  applicationUuid?: string
  appKey?: string
  appSecret?: string
  /** The version in the paths. Default `v1.2`. */
  apiVersion?: string
  /** Refresh tokens: handed out and good until they expire, not handed out, or replaced with each use. Default `on`. */
  refresh?: 'on' | 'off' | 'rotating'
  /** Life of an id_token. Default 7200. */
  idTokenSeconds?: number
  /** Life of a refresh token; fractions allowed. Default 30. */
  refreshTokenDays?: number
  /** false: the application is disabled, and every call is refused. Default true. */
  enabled?: boolean
  /** How a refusal looks: both were seen on servers of this family. Default `http-400`. */
  failureStyle?: 'http-400' | 'http-200'
  /** `code` as text, as documented, or as a number. Default `string`. */
  codeStyle?: 'string' | 'number'
  /** `sub` of the id_tokens. Default `api-client`. */
  userName?: string
  /** `aud` of the id_tokens. Default: the application's uuid. */
  audience?: string
  /** `iss` of the id_tokens. Default: the server's own URL. */
  issuer?: string
  /** Bends the claims of every id_token before it is signed. */
  claims?: (claims: Claims) => Claims
  /** The server's clock minus the true time: shifts `Date` headers and the claims. Default 0. */
  dateOffsetSeconds?: number
}

/** What holds now; everything but the application's path may be changed while the server runs. */
export type IdaasSettings = Required<Omit<IdaasOptions, 'port' | 'tls' | 'latencyMs' | 'issuer'>> &
  Pick<IdaasOptions, 'issuer'>

export function withDefaults(options: IdaasOptions): IdaasSettings {
  const applicationUuid = options.applicationUuid ?? `${randomBytes(16).toString('hex')}${randomText(11)}`
  return {
    applicationUuid,
    appKey: options.appKey ?? `${randomBytes(16).toString('hex')}${randomText(11)}`,
    appSecret: options.appSecret ?? randomText(42),
    apiVersion: options.apiVersion ?? 'v1.2',
    refresh: options.refresh ?? 'on',
    idTokenSeconds: options.idTokenSeconds ?? 7200,
    refreshTokenDays: options.refreshTokenDays ?? 30,
    enabled: options.enabled ?? true,
    failureStyle: options.failureStyle ?? 'http-400',
    codeStyle: options.codeStyle ?? 'string',
    userName: options.userName ?? 'api-client',
    audience: options.audience ?? applicationUuid,
    claims: options.claims ?? ((claims) => claims),
    dateOffsetSeconds: options.dateOffsetSeconds ?? 0,
    ...(options.issuer !== undefined && { issuer: options.issuer }),
  }
}
