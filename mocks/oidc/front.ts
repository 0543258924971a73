import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Handler } from '../http-server.ts'
import type { FrontParts } from './front-parts.ts'
import { noteRefusal } from './note-refusal.ts'
import { formOf } from './secrets.ts'
import { createTokenFront } from './token-front.ts'

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

/** What stands before the provider: watches, adds what it does not say itself, and keeps the books. */
export function createFront(parts: FrontParts) {
  const { settings, violations, log, secrets, watch, checks, forward } = parts
  /** Authorization codes whose answer has reached the client. */
  const spentCodes = new Set<string>()

  const passOn: Handler = async (request) => {
    const reply = await forward(request)
    noteRefusal(parts, request, reply)
    return reply
  }

  const tokenFront = createTokenFront(parts, passOn)

  const deviceAuthorization: Handler = async (request) => {
    const reply = await passOn(request)
    if (reply.status !== 200 || typeof reply.body === 'string') return reply
    const body = reply.body as Record<string, string>
    secrets.addFromAnswer(body)
    watch.add(request, body.device_code ?? '', body.user_code ?? '', settings.intervalSeconds)
    const interval = settings.wireIntervalSeconds
    return interval === undefined ? reply : { ...reply, body: { ...body, interval } }
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

  /** RP-Initiated Logout 1.0 section 2 asks for POST too; oidc-provider has it with cookies for https only. */
  const endSessionByPost: Handler = (request) => {
    const { 'content-type': _, 'content-length': __, ...headers } = request.headers
    const queryAll = new URLSearchParams(formOf(request))
    return passOn({ ...request, method: 'GET', headers, queryAll, text: '' })
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
    'POST /token': tokenFront.token,
    'POST /token/revocation': revocation,
    'GET /me': passOn,
    'GET /session/end': passOn,
    'POST /session/end': endSessionByPost,
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
    slowDown: tokenFront.slowDown,
  }
}

function codeIn(location: string): string | undefined {
  return URL.canParse(location) ? (new URL(location).searchParams.get('code') ?? undefined) : undefined
}
