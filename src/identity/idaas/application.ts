import type { Clock, Fetch, Lifetime, Log, Secret } from '../../kit/index.ts'
import type { IdToken } from '../token-set.ts'

/** An application of an Alibaba IDaaS instance, with the "JWT STS" plugin. Its secret is a parameter of its own. */
export interface IdaasApplication {
  /** Base URL of the instance, without a slash at its end. */
  url: string
  applicationUuid: string
  /** Public: it names the application in the body of each request. */
  appKey: string
  /** The version in the path of the interface, `v1.2`. */
  apiVersion: string
}

/** What a request for tokens needs from outside. */
export interface IdaasContext {
  fetch: Fetch
  clock: Clock
  log: Log
  random: () => number
  signal: AbortSignal
  /** All attempts of one request and the waits between them end within this. Default 10 s. */
  totalMs?: number
}

/** What IDaaS hands out. */
export interface IdaasTokens {
  /** Taken from the server over TLS: its signature is checked by the service that receives it (OIDC Core section 3.1.3.7, item 6). */
  idToken: IdToken
  /** Only where the application has refresh tokens switched on, and after a refresh only a new one. */
  refreshToken?: { token: Secret; lifetime: Lifetime }
}
