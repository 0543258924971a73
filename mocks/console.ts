import { type ConsoleViolation, createFederation } from './console/federation.ts'
import type { ConsoleOptions } from './console/options.ts'
import { consolePage } from './console/page.ts'
import type { FederationCode } from './console/refusal.ts'
import { createSessions } from './console/sessions.ts'
import type { Interceptions } from './http/interceptions.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import { type HttpServerOptions, startHttpServer } from './http-server.ts'

type ConsoleRoute = 'POST /federation' | 'GET /federation'

export interface Console extends Pick<Interceptions<ConsoleRoute>, 'fault' | 'transform'> {
  /** Where it listens. */
  url: string
  /** What `--console-endpoint` takes. */
  endpoint: string
  port: number
  /** May be changed while it runs. */
  options: ConsoleOptions
  requests: RecordedRequest[]
  violations: ConsoleViolation[]
  /** Every sign-in token handed out. */
  issued: { kind: 'signin-token'; value: string }[]
  /** The next request of an action is refused. */
  refuse(action: 'GetSigninToken' | 'Login', code: FederationCode): void
  close(): Promise<void>
}

/** Starts the federation service of the console on 127.0.0.1; every other path is a page of the console. */
export async function startConsole(
  given: ConsoleOptions = {},
  hooks: { onAnswered?: (request: RecordedRequest) => void } = {},
): Promise<Console> {
  const options = { ...given }
  const violations: ConsoleViolation[] = []
  const issued: Console['issued'] = []
  const refusals: { action: string; code: FederationCode }[] = []
  const sessions = createSessions({
    lifeMs: () => (options.tokenSeconds ?? 30) * 1000,
    nowMs: () => (options.nowMs ?? performance.now.bind(performance))(),
  })
  const federation = createFederation({
    options,
    sessions,
    violations,
    issue: (value) => void issued.push({ kind: 'signin-token', value }),
    takeRefusal(action) {
      const index = refusals.findIndex((each) => each.action === action)
      return index < 0 ? undefined : refusals.splice(index, 1)[0]?.code
    },
  })
  const wire: HttpServerOptions<ConsoleRoute> = {
    routes: { 'POST /federation': federation, 'GET /federation': federation },
    fallback: (request) => consolePage(request, sessions.userOf),
    onAnswered: (_route, request) => hooks.onAnswered?.(request),
  }
  if (options.port !== undefined) wire.port = options.port
  if (options.tls !== undefined) wire.tls = options.tls
  if (options.latencyMs !== undefined) wire.latencyMs = options.latencyMs
  const server = await startHttpServer(wire)
  return {
    url: server.url,
    endpoint: `${server.url}/federation`,
    port: server.port,
    options,
    requests: server.requests,
    violations,
    issued,
    refuse: (action, code) => void refusals.push({ action, code }),
    fault: server.fault,
    transform: server.transform,
    close: server.close,
  }
}
