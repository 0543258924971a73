import type { IssuedSecret } from './cloudsso/secrets.ts'
import type { Interceptions } from './http/interceptions.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import { type HttpServerOptions, startHttpServer } from './http-server.ts'
import { rpcParameters } from './signature/rpc1.ts'
import { createActions } from './sts/actions.ts'
import { createAuthentication } from './sts/authenticate.ts'
import { createDispatch, type StsCallRecord } from './sts/dispatch.ts'
import { createIdentities, type StsIdentity, type StsSession } from './sts/identities.ts'
import { type StsOptions, type StsSettings, withStsDefaults } from './sts/options.ts'
import { createOrderedRefusals, type RefuseOptions } from './sts/ordered-refusals.ts'
import type { DocumentedCode } from './sts/refusal.ts'
import type { StsViolation } from './sts/violation.ts'

export type { StsIdentity } from './sts/identities.ts'
export type { OtherIssuer, StsOidcProvider, StsOptions, StsRole, StsUser } from './sts/options.ts'
export { type DocumentedCode, documentedErrors } from './sts/refusal.ts'
export type { StsViolation } from './sts/violation.ts'

type StsRoute = 'POST /' | 'GET /'

type StsAction = 'AssumeRole' | 'AssumeRoleWithOIDC' | 'GetCallerIdentity'

export interface Sts extends Pick<Interceptions<StsRoute>, 'fault' | 'transform'> {
  url: string
  /** `127.0.0.1:<port>`, as SDKs take an endpoint. */
  host: string
  port: number
  requests: RecordedRequest[]
  /** Every call that was understood, also refused ones. */
  calls: StsCallRecord[]
  violations: StsViolation[]
  /** TCP connections accepted so far. */
  readonly connections: number
  /** Every secret handed out, for searching logs and files. */
  issued: IssuedSecret[]
  /** Every OIDC token a client sent. */
  receivedTokens: string[]
  /** Users, roles and providers may be changed while it runs. */
  settings: Pick<StsSettings, 'roles' | 'oidcProviders' | 'otherIssuers'>
  /** Server's clock minus the true time; may be changed while it runs. */
  dateOffsetSeconds: number
  /** Whose an AccessKey is: of a user, or of a session handed out here. */
  identityOf(accessKeyId: string): StsIdentity | undefined
  /** Makes credentials for a session of a role without a call, as a start for chains. */
  issueSession(roleArn: string, sessionName: string, seconds?: number): StsSession
  /** The next calls of an action are refused with this code, with the documented status and message unless others are given. */
  refuse(action: StsAction, code: DocumentedCode | (string & {}), options?: RefuseOptions): void
  /** Forgets faults, transforms and ordered refusals. */
  clearFaults(): void
  close(): Promise<void>
}

/** Starts a strict STS (API 2015-04-01) on 127.0.0.1: signatures, tokens, trust and limits are all checked. */
export async function startSts(options: StsOptions = {}): Promise<Sts> {
  const settings = withStsDefaults(options)
  const issued: IssuedSecret[] = []
  const receivedTokens: string[] = []
  const violations: StsViolation[] = []
  const calls: StsCallRecord[] = []
  const now = () => new Date(settings.now().getTime() + settings.dateOffsetSeconds * 1000)
  const identities = createIdentities(settings.users, settings.otherIssuers, issued)
  const refusals = createOrderedRefusals()
  const dispatch = createDispatch({
    actions: createActions(settings, identities, now),
    authenticate: createAuthentication(identities, now),
    takeRefusal: refusals.take,
    violations,
    calls,
    allowTokenInQuery: settings.allowTokenInQuery,
    now,
  })

  const inspect = (request: RecordedRequest): void => {
    const { values } = rpcParameters(request)
    const token = values.get('OIDCToken')
    if (token !== undefined) receivedTokens.push(token)
    const secrets = [
      ...issued.map(({ value }) => value),
      ...settings.users.map(({ accessKeySecret }) => accessKeySecret),
      ...settings.otherIssuers.flatMap((issuer) => issuer.issued.map(({ value }) => value)),
      ...receivedTokens,
    ]
    const target = [request.path, ...request.queryAll.values()].join(' ')
    if (secrets.some((secret) => target.includes(secret))) {
      const action = request.headers['x-acs-action']?.toString() ?? values.get('Action') ?? ''
      violations.push({ kind: 'secret-in-url', action, atMs: request.atMs })
    }
  }

  const wire: HttpServerOptions<StsRoute> = {
    routes: { 'POST /': dispatch, 'GET /': dispatch },
    standardHeaders: () => ({ date: now().toUTCString() }),
    onRequest: (_route, request) => inspect(request),
  }
  if (options.port !== undefined) wire.port = options.port
  if (options.tls !== undefined) wire.tls = options.tls
  if (options.latencyMs !== undefined) wire.latencyMs = options.latencyMs
  const server = await startHttpServer(wire)

  return {
    url: server.url,
    host: `127.0.0.1:${server.port}`,
    port: server.port,
    requests: server.requests,
    calls,
    violations,
    issued,
    receivedTokens,
    settings,
    get connections() {
      return server.connections
    },
    get dateOffsetSeconds() {
      return settings.dateOffsetSeconds
    },
    set dateOffsetSeconds(seconds) {
      settings.dateOffsetSeconds = seconds
    },
    identityOf: identities.identityOf,
    issueSession(roleArn, sessionName, seconds = settings.defaultSeconds) {
      const role = settings.roles.find(({ arn }) => arn === roleArn) ?? { arn: roleArn, trust: [] }
      return identities.issue(role, sessionName, 'test', new Date(now().getTime() + seconds * 1000))
    },
    refuse: (action, code, refuseOptions = {}) => refusals.order(action, code, refuseOptions),
    fault: server.fault,
    transform: server.transform,
    clearFaults() {
      server.clear()
      refusals.clear()
    },
    close: server.close,
  }
}
