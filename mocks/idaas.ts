import type { Fault } from './http/faults.ts'
import type { Times, Transform } from './http/interceptions.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import { type Handler, type HttpServerOptions, startHttpServer } from './http-server.ts'
import { answering, refusalReply, serverHeaders } from './idaas/answers.ts'
import { makeKeyPair, type PublicKeyTexts } from './idaas/key-pair.ts'
import { type IdaasOptions, type IdaasSettings, withDefaults } from './idaas/options.ts'
import { createRefreshTokens } from './idaas/refresh-tokens.ts'
import { IdaasRefusal } from './idaas/refusal.ts'
import { createTokenApi } from './idaas/token-api.ts'
import type { IdaasViolation } from './idaas/violations.ts'

export type IdaasCall = 'retrieve' | 'refresh'

/** A secret of the application, for tests that look for it where it must not be. */
export interface IdaasSecret {
  kind: 'app-secret' | 'id-token' | 'refresh-token'
  value: string
}

export interface Idaas {
  /** Base URL of the instance. */
  url: string
  port: number
  /** The path of each call. */
  paths: Record<IdaasCall, string>
  /** May be changed while the server runs, the uuid and the version excepted. */
  settings: IdaasSettings
  /** The public half of the key pair that signs now. */
  readonly publicKey: PublicKeyTexts
  requests: RecordedRequest[]
  violations: IdaasViolation[]
  /** The application's secret and every token handed out. */
  issued: IdaasSecret[]
  /** TCP connections accepted so far. */
  readonly connections: number
  /** From now on tokens are signed with another key, as after "generate a new key pair" in the console. */
  replaceKeyPair(): Promise<void>
  /** Every refresh token handed out so far stops working. */
  revokeRefreshTokens(): void
  fault(call: IdaasCall, fault: Fault, options?: Times): void
  transform(call: IdaasCall, transform: Transform, options?: Times): void
  clearFaults(): void
  close(): Promise<void>
}

export interface IdaasHooks {
  onAnswered?: (request: RecordedRequest) => void
}

/** Starts a strict IDaaS instance with one "JWT STS" application on 127.0.0.1. */
export async function startIdaas(options: IdaasOptions = {}, hooks: IdaasHooks = {}): Promise<Idaas> {
  const settings = withDefaults(options)
  const violations: IdaasViolation[] = []
  const issued: IdaasSecret[] = [{ kind: 'app-secret', value: settings.appSecret }]
  const refreshTokens = createRefreshTokens(violations)
  let keyPair = await makeKeyPair()
  const pairs = [keyPair]

  const api = createTokenApi({
    settings,
    refreshTokens,
    violations,
    keyPair: () => keyPair,
    baseUrl: () => server.url,
    issue(kind, value) {
      issued.push({ kind, value })
      return value
    },
  })
  const application = `/api/public/bff/${settings.apiVersion}/application/plugin_jwt_sts`
  const pathOf = (call: IdaasCall) => `${application}/${call}_id_token/${settings.applicationUuid}`
  const paths = { retrieve: pathOf('retrieve'), refresh: pathOf('refresh') }
  const routeOf = (call: IdaasCall) => `POST ${paths[call]}`
  const otherApplication = new RegExp(`^${application}/(?:retrieve|refresh)_id_token/[\\w.-]+$`)

  const holdsSecret = ({ path, queryAll }: RecordedRequest): boolean => {
    const target = [path, ...queryAll.values()].join(' ')
    return [...issued.map(({ value }) => value), settings.appSecret].some((secret) => target.includes(secret))
  }
  const unknown: Handler = (request) => {
    if (request.method === 'POST' && otherApplication.test(request.path))
      return refusalReply(new IdaasRefusal(404, 'There is no such application.'), settings)
    const detail = `${request.method} is no call of this server`
    violations.push({ kind: 'invalid-request', path: request.path, detail, atMs: request.atMs })
    return { status: 404, body: '<html><body><h1>404 Not Found</h1></body></html>' }
  }

  const wire: HttpServerOptions<string> = {
    routes: {
      [routeOf('retrieve')]: answering(api.retrieve, settings, violations),
      [routeOf('refresh')]: answering(api.refresh, settings, violations),
    },
    fallback: unknown,
    standardHeaders: () => serverHeaders(settings),
    onAnswered(_route, request, delivered) {
      refreshTokens.answered(request, delivered)
      if (holdsSecret(request)) violations.push({ kind: 'secret-in-url', atMs: request.atMs })
      hooks.onAnswered?.(request)
    },
  }
  if (options.port !== undefined) wire.port = options.port
  if (options.tls !== undefined) wire.tls = options.tls
  if (options.latencyMs !== undefined) wire.latencyMs = options.latencyMs
  const server = await startHttpServer(wire)

  return {
    url: server.url,
    port: server.port,
    paths,
    settings,
    get publicKey() {
      return keyPair.publicKey
    },
    requests: server.requests,
    violations,
    issued,
    get connections() {
      return server.connections
    },
    async replaceKeyPair() {
      keyPair = await makeKeyPair()
      pairs.push(keyPair)
    },
    revokeRefreshTokens: refreshTokens.revokeAll,
    fault: (call, fault, times) => server.fault(routeOf(call), fault, times),
    transform: (call, transform, times) => server.transform(routeOf(call), transform, times),
    clearFaults: server.clear,
    async close() {
      await server.close()
      for (const { giveBack } of pairs) giveBack()
    },
  }
}
