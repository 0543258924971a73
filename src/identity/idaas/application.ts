import type { Fetch } from '../../http/index.ts'
import {
  type Clock,
  type Lifetime,
  type Log,
  parseSecureUrl,
  printable,
  type Secret,
  SesameError,
} from '../../kit/index.ts'
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

/**
 * The one spelling of the base URL of an IDaaS instance: host in lower case (punycode), no default port, no query, no
 * fragment, no slash at the end. A path stays, for instances behind a proxy.
 *
 * @throws SesameError ERR_INSECURE_URL; ERR_USAGE for the address of one call instead of the instance's
 */
export function normalizeIdaasUrl(text: string): string {
  const trimmed = text.trim()
  if (!URL.canParse(trimmed)) {
    throw new SesameError('ERR_INSECURE_URL', `The IDaaS URL is not a URL: ${shown(trimmed)}`, {
      hint: 'It is the address of the IDaaS instance and looks like https://example.login.aliyunidaas.com.',
    })
  }
  const url = parseSecureUrl(trimmed, 'The IDaaS URL')
  const path = url.pathname.replace(/\/+$/, '')
  if (path.includes('/api/public/')) {
    throw new SesameError('ERR_USAGE', 'The IDaaS URL is the address of one call, not of the instance.', {
      hint: `Leave out everything from /api/public/ on: ${url.origin}`,
    })
  }
  return url.origin + path
}

/** The uuid in the application's details: it becomes one segment of a path. @throws SesameError ERR_USAGE */
export function checkApplicationUuid(text: string): string {
  const uuid = text.trim()
  if (!/^\w[\w.-]{0,127}$/.test(uuid)) throw unusable('application uuid', uuid)
  return uuid
}

/** The appKey in the application's details. @throws SesameError ERR_USAGE */
export function checkAppKey(text: string): string {
  const appKey = text.trim()
  if (!/^[\x21-\x7e]{1,256}$/.test(appKey)) throw unusable('app key', appKey)
  return appKey
}

/** The version of the interface as it is in its paths, `v1.2`; `1.2` is taken too. @throws SesameError ERR_USAGE */
export function checkApiVersion(text: string): string {
  const version = /^v?(\d{1,4}(?:\.\d{1,4}){0,3})$/i.exec(text.trim())?.[1]
  if (version === undefined) throw unusable('API version', text.trim(), 'It looks like v1.2.')
  return `v${version}`
}

function unusable(what: string, text: string, hint = 'It is in the details of the application in IDaaS.') {
  return new SesameError('ERR_USAGE', `Invalid IDaaS ${what}: ${shown(text)}`, { hint })
}

function shown(text: string): string {
  return printable(text.replace(/\/\/[^/?#]*@/, '//…@'), 80) || '(empty)'
}
