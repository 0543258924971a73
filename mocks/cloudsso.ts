import { createAccessTokens } from './cloudsso/access-tokens.ts'
import { enveloped, portalHeaders, refusalReply } from './cloudsso/answers.ts'
import { createDeviceCodes } from './cloudsso/device-codes.ts'
import { createDevicePage } from './cloudsso/device-page.ts'
import { type Directory, makeDirectory } from './cloudsso/directory.ts'
import { type CloudSsoOptions, withDefaults } from './cloudsso/options.ts'
import { createPortalApi } from './cloudsso/portal-api.ts'
import { Refusal } from './cloudsso/refusal.ts'
import type { IssuedSecret } from './cloudsso/secrets.ts'
import { createThrottling } from './cloudsso/throttling.ts'
import type { Violation } from './cloudsso/violations.ts'
import type { Interceptions } from './http/interceptions.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import { type HttpServerOptions, startHttpServer } from './http-server.ts'

export type CloudSsoRoute =
  | 'POST /device-authorization'
  | 'POST /token'
  | 'GET /access-assignments/accounts'
  | 'GET /access-assignments/access-configurations'
  | 'POST /cloud-credentials'
  | 'GET /device/code'
  | 'POST /device/code'

export interface CloudSso extends Pick<Interceptions<CloudSsoRoute>, 'fault' | 'transform'> {
  url: string
  signInUrl: string
  port: number
  requests: RecordedRequest[]
  violations: Violation[]
  /** TCP connections accepted so far. */
  readonly connections: number
  /** Every secret handed out, for searching logs and files. */
  issued: IssuedSecret[]
  /** Every code verifier a client sent: as secret as what was issued. */
  receivedVerifiers: string[]
  /** May be changed while the portal runs. */
  directory: Directory
  /** Server's clock minus the true time; may be changed while the portal runs. */
  dateOffsetSeconds: number
  /** Does what the Approve button does. Throws when no such code is pending. */
  approve(userCode: string): void
  deny(userCode: string): void
  pendingUserCodes(): string[]
  /** The next polls that are in time are answered SlowDown, and the wait they require grows. */
  slowDown(times?: number): void
  /** Every access token handed out so far stops working. */
  revokeTokens(): void
  clearFaults(): void
  close(): Promise<void>
}

export interface CloudSsoHooks {
  onAnswered?: (request: RecordedRequest) => void
}

/** Starts a strict CloudSSO portal on 127.0.0.1, with the page on which a person approves. */
export async function startCloudSso(
  options: CloudSsoOptions = {},
  hooks: CloudSsoHooks = {},
): Promise<CloudSso> {
  const settings = withDefaults(options, makeDirectory())
  const violations: Violation[] = []
  const issued: IssuedSecret[] = []
  const receivedVerifiers: string[] = []
  const deviceCodes = createDeviceCodes(settings, violations)
  const accessTokens = createAccessTokens()
  const throttling = createThrottling(options.throttle ?? {})
  let slowDownsLeft = 0
  const baseUrl = () => options.publicUrl ?? server.url
  const api = createPortalApi({
    settings,
    deviceCodes,
    accessTokens,
    baseUrl,
    issue(kind, value) {
      issued.push({ kind, value })
      return value
    },
    receivedVerifiers,
    takeSlowDown: () => slowDownsLeft > 0 && slowDownsLeft-- > 0,
  })
  const page = createDevicePage(deviceCodes, settings.portalPath.split('/')[1] ?? '', baseUrl)

  const holdsSecret = (request: RecordedRequest): boolean => {
    const target = [request.path, ...request.queryAll.values()].join(' ')
    return [...issued.map(({ value }) => value), ...receivedVerifiers].some((secret) =>
      target.includes(secret),
    )
  }

  const wire: HttpServerOptions<CloudSsoRoute> = {
    routes: {
      'POST /device-authorization': enveloped(api.deviceAuthorization, violations),
      'POST /token': enveloped(api.token, violations),
      'GET /access-assignments/accounts': enveloped(api.accounts, violations),
      'GET /access-assignments/access-configurations': enveloped(api.accessConfigurations, violations),
      'POST /cloud-credentials': enveloped(api.cloudCredentials, violations),
      'GET /device/code': page.show,
      'POST /device/code': page.decide,
    },
    fallback: () => refusalReply(new Refusal(404, 'InvalidAction.NotFound', 'There is no such call.')),
    standardHeaders: () => portalHeaders(settings.dateOffsetSeconds),
    overload: (route, request) =>
      route.startsWith('GET /access-assignments/') ? throttling.asked(request) : undefined,
    onRequest(route, request) {
      if (route === 'POST /token') deviceCodes.polled(request)
    },
    onAnswered(_route, request, delivered) {
      deviceCodes.answered(request, delivered)
      throttling.answered(request)
      if (holdsSecret(request)) violations.push({ kind: 'secret-in-url', atMs: request.atMs })
      hooks.onAnswered?.(request)
    },
  }
  if (options.port !== undefined) wire.port = options.port
  if (options.tls !== undefined) wire.tls = options.tls
  if (options.latencyMs !== undefined) wire.latencyMs = options.latencyMs
  const server = await startHttpServer(wire)

  const decide = (userCode: string, state: 'approved' | 'denied'): void => {
    const grant = deviceCodes.findByUserCode(userCode)
    if (grant?.state !== 'pending' || deviceCodes.isExpired(grant))
      throw new Error(`no pending user code ${userCode}`)
    grant.state = state
  }

  return {
    url: server.url,
    signInUrl: `${baseUrl()}${settings.portalPath}`,
    port: server.port,
    requests: server.requests,
    violations,
    issued,
    receivedVerifiers,
    directory: settings.directory,
    get connections() {
      return server.connections
    },
    get dateOffsetSeconds() {
      return settings.dateOffsetSeconds
    },
    set dateOffsetSeconds(seconds) {
      settings.dateOffsetSeconds = seconds
    },
    approve: (userCode) => decide(userCode, 'approved'),
    deny: (userCode) => decide(userCode, 'denied'),
    pendingUserCodes: () =>
      deviceCodes
        .all()
        .filter((grant) => grant.state === 'pending' && !deviceCodes.isExpired(grant))
        .map((grant) => grant.userCode),
    slowDown(times = 1) {
      slowDownsLeft += times
    },
    revokeTokens: accessTokens.revokeAll,
    fault: server.fault,
    transform: server.transform,
    clearFaults: server.clear,
    close: server.close,
  }
}
