import type { IssuedSecret } from '../cloudsso/secrets.ts'

/** Credentials as a client sends them. */
export interface SentCredentials {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
}

export interface ConsoleOptions {
  port?: number
  tls?: { key: string; cert: string }
  latencyMs?: number
  /** Which credentials are good. Default: all that look like short-lived ones. */
  accepts?: (credentials: SentCredentials) => boolean
  /** How GetSigninToken may be sent (default `both`): as the form of a POST, as a GET with a query, which is the documented way. */
  method?: 'both' | 'post' | 'get'
  /** Life of a sign-in token (default 30). */
  tokenSeconds?: number
  /** Monotonic time in milliseconds, by which tokens expire. */
  nowMs?: () => number
}

/** Credentials that a portal or STS of these mocks has handed out: a secret and the security token behind it. */
export function handedOutBy(issued: readonly IssuedSecret[]): (credentials: SentCredentials) => boolean {
  return ({ accessKeySecret, securityToken }) => {
    const index = issued.findIndex(({ kind, value }) => kind === 'security-token' && value === securityToken)
    return issued[index - 1]?.value === accessKeySecret
  }
}

export function looksShortLived({ accessKeyId, securityToken }: SentCredentials): boolean {
  return accessKeyId.startsWith('STS.') && securityToken.length >= 40
}
