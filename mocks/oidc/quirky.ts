import type { JSONWebKeySet } from 'jose'
import type { Fault } from '../http/faults.ts'
import type { Times } from '../http/interceptions.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import { type Handler, type HttpServerOptions, startHttpServer } from '../http-server.ts'
import { createDeviceWatch } from './device-watch.ts'
import { noteTokenAnswer, type OidcEvent } from './journal.ts'
import { publicClientId } from './options.ts'
import type { Bend } from './quirky/bends.ts'
import type { Dialect } from './quirky/dialect.ts'
import { createEndpoints } from './quirky/endpoints.ts'
import { createGrants } from './quirky/grants.ts'
import type { QuirkyOptions } from './quirky/options.ts'
import type { QuirkyParts } from './quirky/parts.ts'
import { presets } from './quirky/presets.ts'
import { createTokenEndpoint } from './quirky/token-endpoint.ts'
import { createRequestChecks } from './request-checks.ts'
import { createScriptedPerson, type Decision, type LastPage } from './scripted-person.ts'
import { createSecrets, type OidcSecret } from './secrets.ts'
import { makeSigningKey, publicPart, type SigningKey } from './signing-keys.ts'
import type { OidcViolation } from './violations.ts'

export { allBends, type Bend } from './quirky/bends.ts'
export type { QuirkyOptions } from './quirky/options.ts'
export type { PresetName } from './quirky/presets.ts'

/** The calls of any provider; their paths are the preset's. */
type QuirkyCall = 'discovery' | 'jwks' | 'device' | 'token' | 'authorization' | 'revocation' | 'userInfo'

export interface QuirkyProvider {
  issuer: string
  url: string
  clientId: string
  requests: RecordedRequest[]
  /** Without the refusals, which here are often the provider's own fault. */
  violations: OidcViolation[]
  issued: OidcSecret[]
  log: OidcEvent[]
  /** May be changed while the provider runs. */
  bends: readonly Bend[]
  /** What every refresh token is answered with in place of tokens, such as `{ status: 400, body: '' }`; undefined again: tokens. */
  refusesRenewal: Reply | undefined
  /** What was asked so far, in the provider's own paths, by these names. */
  calls(): QuirkyCall[]
  approve(userCode: string): void
  deny(userCode: string): void
  pendingUserCodes(): string[]
  /** Opens an authorization request, which is answered at once; gives the page of the waiting program. */
  visit(authorizationUrl: string, decision?: Decision): Promise<LastPage>
  /** Refresh tokens handed out so far stop working. */
  revokeRefreshTokens(): void
  jwks(): JSONWebKeySet
  fault(call: QuirkyCall, fault: Fault, times?: Times): void
  clearFaults(): void
  close(): Promise<void>
}

/** A key of no provider; one is enough for all providers. */
let rogueKey: Promise<SigningKey> | undefined

/** Starts a scripted provider that has the ways of a well-known one, and the faults that are asked for. */
export async function startQuirkyProvider(options: QuirkyOptions = {}): Promise<QuirkyProvider> {
  const dialect: Dialect = { ...presets[options.preset ?? 'plain'], ...options.dialect }
  const { jwk: own, giveBack } = await makeSigningKey('RS256')
  rogueKey ??= makeSigningKey('RS256')
  const { jwk: rogue } = await rogueKey
  const violations: OidcViolation[] = []
  const log: OidcEvent[] = []
  const grants = createGrants(dialect.refreshTokenBytes)
  const watch = createDeviceWatch(violations)
  const url = () => options.publicUrl ?? server.url
  const issuer = () => `${url()}${dialect.issuerPath}`
  const secrets = createSecrets(issuer)
  const checks = createRequestChecks(violations, secrets)
  const clientId = options.clientId ?? publicClientId
  let bends = options.bends ?? []
  let refusesRenewal: Reply | undefined

  const parts: QuirkyParts = {
    dialect,
    keys: { own, rogue },
    grants,
    watch,
    bends: () => bends,
    refusesRenewal: () => refusesRenewal,
    url,
    clientId,
    isIssued: (token) => secrets.issued.some(({ kind, value }) => kind === 'access-token' && value === token),
    clientSecret: options.clientSecret,
    intervalSeconds: options.intervalSeconds ?? 5,
    wireIntervalSeconds: options.wireIntervalSeconds ?? options.intervalSeconds ?? 5,
    approve: options.approve ?? 'auto',
    dateOffsetSeconds: options.dateOffsetSeconds ?? 0,
  }
  const endpoints = createEndpoints(parts)
  const redeem = createTokenEndpoint(parts)
  /** Notes what is sent before a client has it. */
  const noted =
    (handler: (request: RecordedRequest) => Reply): Handler =>
    (request) => {
      const reply = handler(request)
      if (typeof reply.body === 'object' && reply.status === 200) secrets.addFromAnswer(reply.body)
      return reply
    }
  const token = noted((request) => {
    const reply = redeem(request)
    noteTokenAnswer(log, request, reply)
    return reply
  })

  const device = noted((request) => {
    const reply = endpoints.device(request)
    // A request that was refused, for its client say, began no sign-in.
    if (!('error' in Object(reply.body)) && reply.status === 200) checks.deviceAuthorization(request)
    return reply
  })

  const { paths } = dialect
  const routes: Partial<Record<QuirkyCall | 'page', [route: string, Handler]>> = {
    discovery: [
      `GET ${dialect.issuerPath.replace(/\/$/, '')}/.well-known/openid-configuration`,
      endpoints.discovery,
    ],
    jwks: [`GET ${paths.jwks}`, endpoints.jwks],
    device: [`POST ${paths.device}`, device],
    token: [`POST ${paths.token}`, token],
    authorization: [`GET ${paths.authorization}`, endpoints.authorization],
    page: [`GET ${paths.page}`, endpoints.page],
  }
  if (paths.revocation !== undefined) {
    routes.revocation = [`POST ${paths.revocation}`, endpoints.revocation]
  }
  if (paths.userInfo !== undefined) routes.userInfo = [`GET ${paths.userInfo}`, endpoints.userInfo]
  const callOf = ({ method, path }: RecordedRequest) =>
    (Object.keys(routes) as QuirkyCall[]).find((call) => routes[call]?.[0] === `${method} ${path}`)

  const wire: HttpServerOptions<string> = {
    routes: Object.fromEntries(Object.values(routes)),
    standardHeaders: () => ({
      date: new Date(Date.now() + (options.dateOffsetSeconds ?? 0) * 1000).toUTCString(),
    }),
    onRequest(_route, request) {
      checks.any(request)
      const call = callOf(request)
      if (call === 'authorization') checks.authorization(request)
      if (call !== 'token') return
      checks.token(request)
      watch.polled(request)
    },
    onAnswered: (_route, request, delivered) => watch.answered(request, delivered),
  }
  if (options.port !== undefined) wire.port = options.port
  if (options.tls !== undefined) wire.tls = options.tls
  const server = await startHttpServer(wire)
  const person = createScriptedPerson(server.url, options.tls?.cert)
  if (options.clientSecret !== undefined) secrets.add('client-secret', options.clientSecret)

  const decide = (userCode: string, state: 'approved' | 'denied'): void => {
    const grant = grants.pending().find((one) => one.userCode === userCode)
    if (grant === undefined) throw new Error(`no pending user code ${userCode}`)
    grant.state = state
  }

  return {
    issuer: issuer(),
    url: server.url,
    clientId,
    requests: server.requests,
    violations,
    issued: secrets.issued,
    log,
    get bends() {
      return bends
    },
    set bends(names) {
      bends = names
    },
    get refusesRenewal() {
      return refusesRenewal
    },
    set refusesRenewal(reply) {
      refusesRenewal = reply
    },
    calls: () => server.requests.map(callOf).filter((call) => call !== undefined),
    approve: (userCode) => decide(userCode, 'approved'),
    deny: (userCode) => decide(userCode, 'denied'),
    pendingUserCodes: () => grants.pending().map(({ userCode }) => userCode ?? ''),
    visit: person.visit,
    revokeRefreshTokens: grants.revokeAll,
    jwks: () => ({ keys: [publicPart(own)] }),
    fault(call, fault, times) {
      const route = routes[call]?.[0]
      if (route === undefined) throw new Error(`this provider has no ${call}`)
      server.fault(route, fault, times)
    },
    clearFaults: server.clear,
    async close() {
      await server.close()
      giveBack()
      secrets.forget()
    },
  }
}
