import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import type { Handler } from '../http-server.ts'
import type { DeviceWatch, WatchedCode } from './device-watch.ts'
import { noteTokenAnswer, type OidcEvent } from './journal.ts'
import type { OidcSettings } from './options.ts'
import type { RequestChecks } from './request-checks.ts'
import { formOf, type Secrets } from './secrets.ts'
import type { OidcViolation } from './violations.ts'

export type OidcRoute =
  | 'GET /.well-known/openid-configuration'
  | 'GET /jwks'
  | 'POST /device/auth'
  | 'GET /device'
  | 'POST /device'
  | 'GET /auth'
  | 'POST /token'
  | 'POST /token/revocation'
  | 'GET /me'
  | 'GET /session/end'
  | 'POST /session/end'
  | 'POST /session/end/confirm'

export interface FrontParts {
  settings: OidcSettings
  violations: OidcViolation[]
  log: OidcEvent[]
  secrets: Secrets
  watch: DeviceWatch
  checks: RequestChecks
  forward: Handler
  decide(userCode: string, approve: boolean): Promise<void>
  isPending(deviceCode: string): boolean
}

/** Refusals that are nothing unusual for a correct client; every other one is a violation. */
const expectedRefusals = new Set([
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'invalid_grant',
  'invalid_token',
  // Revocation of an access token that is a JWT: whether that is possible nobody can know before.
  'unsupported_token_type',
])

/** What stands before the provider: watches, adds what it does not say itself, and keeps the books. */
export function createFront(parts: FrontParts) {
  const { settings, violations, log, secrets, watch, checks, forward } = parts
  let slowDownsLeft = 0
  /** Authorization codes whose answer has reached the client. */
  const spentCodes = new Set<string>()

  const refused = (request: RecordedRequest, reply: Reply): void => {
    if (reply.status < 400 || typeof reply.body === 'string') return
    const { error, error_description: description } = reply.body as Record<string, unknown>
    const pkceRefused =
      settings.devicePkce === 'rejected' && String(description).startsWith('unknown parameter')
    if (expectedRefusals.has(String(error)) || pkceRefused) return
    const detail = `${error}: ${description ?? ''}`
    violations.push({ kind: 'invalid-request', path: request.path, detail, atMs: request.atMs })
  }

  const passOn: Handler = async (request) => {
    const reply = await forward(request)
    refused(request, reply)
    return reply
  }

  const deviceAuthorization: Handler = async (request) => {
    const reply = await passOn(request)
    if (reply.status !== 200 || typeof reply.body === 'string') return reply
    const body = reply.body as Record<string, string>
    secrets.addFromAnswer(body)
    watch.add(request, body.device_code ?? '', body.user_code ?? '', settings.intervalSeconds)
    const interval = settings.wireIntervalSeconds
    return interval === undefined ? reply : { ...reply, body: { ...body, interval } }
  }

  /** The person whom `approve` of the options stands for acts just before the poll that is to see the result. */
  const settle = async (code: WatchedCode): Promise<void> => {
    const { approve } = settings
    if (approve === 'manual' || !parts.isPending(code.deviceCode)) return
    if (typeof approve === 'object' && code.pendingAnswers < approve.afterPolls) return
    await parts.decide(code.userCode, approve !== 'deny')
  }

  const token: Handler = async (request) => {
    const code = watch.find(request)
    if (code !== undefined && !code.final) {
      const hasty = settings.enforceInterval && watch.wasTooSoon(request)
      if (hasty || (slowDownsLeft > 0 && slowDownsLeft-- > 0)) {
        code.requiredIntervalMs += settings.slowDownSeconds * 1000
        return { status: 400, body: { error: 'slow_down', error_description: 'the device polls too often' } }
      }
      await settle(code)
    }
    const reply = await passOn(request)
    if (typeof reply.body === 'string') return reply
    const { error } = reply.body as Record<string, unknown>
    if (code !== undefined && error === 'authorization_pending') code.pendingAnswers += 1
    else if (code !== undefined && reply.status < 500) code.final = true
    secrets.addFromAnswer(reply.body)
    noteTokenAnswer(log, request, reply)
    return reply
  }

  const authorization: Handler = (request) => {
    const { query, queryAll } = request
    const wantsOffline = query.scope?.split(' ').includes('offline_access')
    if (!settings.offlineWithoutPrompt || !wantsOffline || query.prompt !== undefined) return passOn(request)
    // Most providers need no prompt for a refresh token; oidc-provider does (OpenID Connect Core section 11).
    const asked = new URLSearchParams([...queryAll, ['prompt', 'consent']])
    return passOn({ ...request, queryAll: asked })
  }

  const revocation: Handler = async (request) => {
    const reply = await passOn(request)
    if (reply.status === 200)
      log.push({ kind: 'revoked', token: formOf(request).token ?? '', atMs: request.atMs })
    return reply
  }

  const sessionEnd: Handler = async (request) => {
    const reply = await passOn(request)
    if (reply.status === 303) log.push({ kind: 'session-ended', atMs: request.atMs })
    return reply
  }

  /** Codes leave in the address of a redirect, from whichever page the person came. */
  const page: Handler = async (request) => {
    checks.any(request)
    const reply = await passOn(request)
    const code = codeIn(String(reply.headers?.location ?? ''))
    if (code !== undefined) secrets.add('authorization-code', code)
    return reply
  }

  const routes: Record<OidcRoute, Handler> = {
    'GET /.well-known/openid-configuration': passOn,
    'GET /jwks': passOn,
    'POST /device/auth': deviceAuthorization,
    'GET /device': passOn,
    'POST /device': passOn,
    'GET /auth': authorization,
    'POST /token': token,
    'POST /token/revocation': revocation,
    'GET /me': passOn,
    'GET /session/end': passOn,
    'POST /session/end': passOn,
    'POST /session/end/confirm': sessionEnd,
  }

  return {
    wire: {
      routes,
      fallback: page,
      onRequest(route: OidcRoute, request: RecordedRequest): void {
        checks.any(request)
        if (route === 'GET /auth') checks.authorization(request)
        if (route === 'POST /device/auth') checks.deviceAuthorization(request)
        if (route !== 'POST /token') return
        checks.token(request)
        watch.polled(request)
        const { code } = formOf(request)
        if (code !== undefined && spentCodes.has(code)) {
          const what = 'authorization code'
          violations.push({ kind: 'request-after-final-answer', what, atMs: request.atMs })
        }
      },
      onAnswered(_route: OidcRoute | undefined, request: RecordedRequest, delivered: boolean): void {
        watch.answered(request, delivered)
        const { code } = formOf(request)
        const final = request.status !== undefined && request.status < 500
        if (code !== undefined && delivered && final) spentCodes.add(code)
      },
    },
    slowDown(times = 1): void {
      slowDownsLeft += times
    },
  }
}

function codeIn(location: string): string | undefined {
  return URL.canParse(location) ? (new URL(location).searchParams.get('code') ?? undefined) : undefined
}
