import { randomBytes } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import type { Interceptions } from './http/interceptions.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import { type HttpServerOptions, startHttpServer } from './http-server.ts'
import { createDeviceWatch } from './oidc/device-watch.ts'
import { createFront, type OidcRoute } from './oidc/front.ts'
import { startInnerProvider } from './oidc/inner-provider.ts'
import type { OidcEvent } from './oidc/journal.ts'
import { createMemoryStore } from './oidc/memory-store.ts'
import {
  basicClientId,
  type OidcClient,
  type OidcProviderOptions,
  postClientId,
  publicClientId,
  withDefaults,
} from './oidc/options.ts'
import { createRequestChecks } from './oidc/request-checks.ts'
import { createScriptedPerson, type Decision, type LastPage } from './oidc/scripted-person.ts'
import { createSecrets, type OidcSecret } from './oidc/secrets.ts'
import { publicPart } from './oidc/signing-keys.ts'
import type { OidcViolation } from './oidc/violations.ts'

export type { OidcEvent } from './oidc/journal.ts'
export type { OidcProviderOptions } from './oidc/options.ts'
export { PageFailure } from './oidc/scripted-person.ts'
export type { OidcSecret } from './oidc/secrets.ts'
export type { OidcViolation } from './oidc/violations.ts'

export interface OidcProvider extends Pick<Interceptions<OidcRoute>, 'fault' | 'transform'> {
  issuer: string
  url: string
  port: number
  /** The clients that are always there. */
  clients: {
    /** Without a secret: `sesame-cli`. */
    public: { clientId: string }
    /** With one, in the Authorization header. */
    basic: { clientId: string; clientSecret: string }
    /** With one, in the form. */
    post: { clientId: string; clientSecret: string }
  }
  /** All that came, pages included; what the scripted person asks for has `user-agent: scripted-person`. */
  requests: RecordedRequest[]
  violations: OidcViolation[]
  /** TCP connections accepted so far. */
  readonly connections: number
  /** Every secret handed out or received. */
  issued: OidcSecret[]
  /** What was issued, rotated, refused and revoked, in order. */
  log: OidcEvent[]
  /** A person opens the page of this code and agrees. Rejects when the pages do not play along. */
  approve(userCode: string): Promise<void>
  deny(userCode: string): Promise<void>
  /** Codes that wait for a person. */
  pendingUserCodes(): string[]
  /** A person opens an authorization request, signs in and decides; gives the page of the waiting program. */
  visit(authorizationUrl: string, decision?: Decision): Promise<LastPage>
  /** The next polls that are in time are answered slow_down, and the wait they require grows. */
  slowDown(times?: number): void
  /** Signs with a new key from now on; the old one stays in the key set unless `keepOld` is false. */
  rotateKeys(options?: { keepOld?: boolean }): Promise<void>
  /** Refresh tokens and codes handed out so far stop working. Says how many grants there were. */
  revokeGrants(): number
  /** Browsers must sign in again. Says how many were signed in. */
  endSessions(): number
  jwks(): JSONWebKeySet
  clearFaults(): void
  close(): Promise<void>
}

export interface OidcProviderHooks {
  onAnswered?: (request: RecordedRequest) => void
}

/** Starts the real oidc-provider on 127.0.0.1, behind a recorder that watches the client. */
export async function startOidcProvider(
  options: OidcProviderOptions = {},
  hooks: OidcProviderHooks = {},
): Promise<OidcProvider> {
  const settings = withDefaults(options)
  const store = createMemoryStore()
  const violations: OidcViolation[] = []
  const log: OidcEvent[] = []
  const secrets = createSecrets(() => issuer)
  const watch = createDeviceWatch(violations)
  const checks = createRequestChecks(violations, secrets)
  const clients = {
    public: { clientId: publicClientId },
    basic: { clientId: basicClientId, clientSecret: makeClientSecret() },
    post: { clientId: postClientId, clientSecret: makeClientSecret() },
  }
  const allClients: OidcClient[] = [
    clients.public,
    { ...clients.basic, authMethod: 'client_secret_basic' },
    { ...clients.post, authMethod: 'client_secret_post' },
    ...settings.clients,
  ]

  const front = createFront({
    settings,
    violations,
    log,
    secrets,
    watch,
    checks,
    forward: (request) => inner.forward(request),
    decide: (userCode, approve) => decide(userCode, approve),
    isPending: store.isPending,
  })
  const wire: HttpServerOptions<OidcRoute> = {
    ...front.wire,
    onAnswered(route, request, delivered) {
      front.wire.onAnswered(route, request, delivered)
      hooks.onAnswered?.(request)
    },
  }
  if (options.port !== undefined) wire.port = options.port
  if (options.tls !== undefined) wire.tls = options.tls
  if (options.latencyMs !== undefined) wire.latencyMs = options.latencyMs
  const server = await startHttpServer(wire)
  const issuer = options.publicUrl ?? server.url
  const inner = await startInnerProvider(issuer, settings, store, allClients)
  const person = createScriptedPerson(server.url, options.tls?.cert)
  for (const { clientSecret } of allClients) {
    if (clientSecret !== undefined) secrets.add('client-secret', clientSecret)
  }

  const decide = (userCode: string, approve: boolean): Promise<void> =>
    person.decide(`${server.url}/device?user_code=${encodeURIComponent(userCode)}`, { approve })

  return {
    issuer,
    url: server.url,
    port: server.port,
    clients,
    requests: server.requests,
    violations,
    get connections() {
      return server.connections
    },
    issued: secrets.issued,
    log,
    approve: (userCode) => decide(userCode, true),
    deny: (userCode) => decide(userCode, false),
    pendingUserCodes: () =>
      watch
        .all()
        .filter(({ deviceCode }) => store.isPending(deviceCode))
        .map(({ userCode }) => userCode),
    visit: person.visit,
    slowDown: front.slowDown,
    rotateKeys: ({ keepOld = true } = {}) => inner.rotateKeys(keepOld),
    revokeGrants: store.revokeGrants,
    endSessions: store.removeSessions,
    jwks: () => ({ keys: inner.keys().map(publicPart) }),
    fault: server.fault,
    transform: server.transform,
    clearFaults: server.clear,
    async close() {
      await server.close()
      inner.close()
      secrets.forget()
    },
  }
}

/** With `+`, `/` and `=`, which have to be encoded in a form and, before base64, in a header (RFC 6749 section 2.3.1). */
function makeClientSecret(): string {
  return `${randomBytes(24).toString('base64url')}+/=`
}
