import type { JSONWebKeySet } from 'jose'
import type { IssuedSecret } from '../cloudsso/secrets.ts'

/** A RAM user (or, with `:root`, a whole account) with a long-lived AccessKey. */
export interface StsUser {
  /** `acs:ram::<account>:user/<name>`, or `acs:ram::<account>:root` */
  arn: string
  accessKeyId: string
  accessKeySecret: string
  /** The key is disabled. */
  inactive?: boolean
}

export interface StsRole {
  /** `acs:ram::<account>:role/<name>` */
  arn: string
  /** Who may assume it: ARNs of users, roles, accounts (`:root`), OIDC providers. */
  trust: string[]
  /** What the trust policy demands of AssumeRole. */
  externalId?: string
  /** MaxSessionDuration. Default 3600. */
  maxSessionSeconds?: number
}

/** An OIDC provider as it is registered in RAM. */
export interface StsOidcProvider {
  /** `acs:ram::<account>:oidc-provider/<name>` */
  arn: string
  issuer: string
  clientIds: string[]
  /** Its public keys, or the loopback URL where they are. */
  keys: JSONWebKeySet | string
}

/** Another issuer whose credentials are valid here, such as the mock of the CloudSSO portal. */
export interface OtherIssuer {
  /** Its list of what it handed out: each secret with its security token behind it. */
  issued: readonly IssuedSecret[]
  /** The role that all these credentials stand for. */
  roleArn: string
}

export interface StsOptions {
  /** 0 (default) takes any free port. */
  port?: number
  /** Serve https with this key and certificate (PEM). */
  tls?: { key: string; cert: string }
  /** Delay before each answer. */
  latencyMs?: number
  users?: StsUser[]
  roles?: StsRole[]
  oidcProviders?: StsOidcProvider[]
  otherIssuers?: OtherIssuer[]
  /** The server's time. Default: the true one. */
  now?: () => Date
  /** The server's clock minus `now()`: in `Date` headers, `Expiration` and every check of a time. Default 0. */
  dateOffsetSeconds?: number
  /** Life of credentials when DurationSeconds is not given. Default 3600; shorter than STS ever gives, for tests. */
  defaultSeconds?: number
  /** true: an OIDC token in the query is answered all the same. It is a violation either way. */
  allowTokenInQuery?: boolean
}

export type StsSettings = Required<Omit<StsOptions, 'port' | 'tls' | 'latencyMs'>>

export function withStsDefaults(options: StsOptions): StsSettings {
  return {
    users: options.users ?? [],
    roles: options.roles ?? [],
    oidcProviders: options.oidcProviders ?? [],
    otherIssuers: options.otherIssuers ?? [],
    now: options.now ?? (() => new Date()),
    dateOffsetSeconds: options.dateOffsetSeconds ?? 0,
    defaultSeconds: options.defaultSeconds ?? 3600,
    allowTokenInQuery: options.allowTokenInQuery ?? false,
  }
}
