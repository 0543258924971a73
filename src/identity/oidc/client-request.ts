import type { Configuration, CustomFetch } from 'openid-client'
import { type JsonAnswer, readServerError, requestJson, sameCode } from '../../http/index.ts'
import { asRecord, asText, type Fetch } from '../../kit/index.ts'
import {
  announcedMethods,
  authenticationsOf,
  type ClientAuthentication,
  configure,
  loadOpenidClient,
  type OpenidClient,
  type RefusedClient,
} from './client-authentication.ts'
import { codesOfRefusedClient } from './oauth-error.ts'
import type { OidcProvider, RequestLimits } from './provider.ts'

/** A response that openid-client accepted, and what it read there. */
export interface Success<T> {
  kind: 'success'
  answer: JsonAnswer
  result: T
}

/** What came of a request, in the terms of RFC 6749. `answer` is the response as it came. */
export type Reply<T> =
  | Success<T>
  /** An error response (section 5.2). Its status is not looked at: pending is 400, 403, 428, even 200. */
  | ({ kind: 'error'; error: string } & Refusal)
  /** Neither: another status, no JSON, or members that openid-client refuses. */
  | ({ kind: 'invalid' } & Refusal)

interface Refusal {
  answer: JsonAnswer
  /** Where it was the client that was refused, in every way. */
  refusedClient?: RefusedClient
}

type Members = Record<string, unknown>

export interface ExchangeOptions extends RequestLimits {
  signal: AbortSignal
  /** See `requestJson`. */
  sameOriginRedirects?: number
  /** Puts a response of status 200 into the spelling that openid-client knows. */
  adapt?: ((members: Members) => Members) | undefined
}

/**
 * Lets openid-client make one request through our fetch, and keeps the answer beside its verdict: its errors lose the
 * RequestId and the body of a 5xx, and hold tokens, so that none of them is passed on.
 *
 * @throws what our fetch throws, unwrapped: network, time-out, the signal's reason; openid-client's own error when it sent nothing
 */
export async function runOpenidClient<T>(
  fetch: Fetch,
  { adapt, timeoutMs, ...limits }: ExchangeOptions,
  request: (openid: OpenidClient, customFetch: CustomFetch) => Promise<T>,
): Promise<Reply<T>> {
  const openid = await loadOpenidClient()
  const seen: { answer?: JsonAnswer; failure?: unknown } = {}
  const customFetch: CustomFetch = async (url, { method, headers, body }) => {
    try {
      seen.answer = await requestJson(fetch, {
        method,
        url,
        headers,
        ...(body instanceof URLSearchParams && { form: body }),
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...limits,
      })
      return toResponse(seen.answer, adapt)
    } catch (error) {
      seen.failure = error
      throw error
    }
  }
  try {
    const result = await request(openid, customFetch)
    if (seen.answer === undefined) throw new TypeError('openid-client answered without a request')
    return { kind: 'success', answer: seen.answer, result }
  } catch (error) {
    if ('failure' in seen) throw seen.failure
    if (seen.answer === undefined) throw error
    return error instanceof openid.ResponseBodyError
      ? { kind: 'error', answer: seen.answer, error: error.error }
      : { kind: 'invalid', answer: seen.answer }
  }
}

/** The error codes of OAuth that are acted on (RFC 6749, 6750, 8628; OpenID Connect Core 3.1.2.6), and those of Entra ID. */
const oauthErrors = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type'],
  ...['invalid_scope', 'invalid_target', 'invalid_token', 'access_denied', 'server_error'],
  ...['temporarily_unavailable', 'authorization_pending', 'slow_down', 'expired_token', 'login_required'],
  ...['interaction_required', 'consent_required', 'authorization_declined', 'bad_verification_code'],
]

/**
 * The error of a response in OAuth's spelling, wherever and however the server wrote it. In a body of status 200 that holds what
 * was asked for, only `error` counts: other members with such names may mean something else.
 */
function oauthErrorOf(answer: JsonAnswer): string | undefined {
  const members = asRecord(answer.body) ?? {}
  const { serverCode } = readServerError(answer)
  const isSuccess =
    answer.status === 200 && ['access_token', 'device_code', 'issuer', 'sub'].some((name) => name in members)
  const error = asText(members.error) ?? (isSuccess ? undefined : serverCode)
  return oauthErrors.find((known) => sameCode(error, known)) ?? error
}

/**
 * The answer as openid-client wants it: members that are null left out, as they say nothing, and an error response with the
 * status that RFC 6749 section 5.2 gives it. Without headers, as `WWW-Authenticate` would hide the error from it.
 */
function toResponse(answer: JsonAnswer, adapt: ExchangeOptions['adapt']): Response {
  const { status, isJson, body } = answer
  const error = oauthErrorOf(answer)
  if (error !== undefined) return Response.json({ error }, { status: 400 })
  if (!isJson) return new Response(null, { status })
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return Response.json(body, { status })
  const members = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
  return Response.json(status === 200 && adapt ? adapt(members) : members, { status })
}

/**
 * One request of openid-client to the provider, authenticated as our client. See `runOpenidClient`. When the client is refused, the
 * request is sent once more in each other way that is left: a provider looks at the client first, and uses up no code or token of a
 * client that it refuses (RFC 6749 section 3.2.1). What is accepted is noted. If nothing is, the reply is the first one.
 */
export async function sendRequest<T>(
  provider: OidcProvider,
  options: RequestLimits & Pick<ExchangeOptions, 'adapt'>,
  request: (openid: OpenidClient, configuration: Configuration) => Promise<T>,
): Promise<Reply<T>> {
  const tried = authenticationsOf(provider)
  const send = (way: ClientAuthentication | undefined) => sendOnce({ provider, way, options }, request)
  const first = await send(tried[0])
  if (first.kind === 'success' || !isClientRefused(first)) return first
  for (const way of tried.slice(1)) {
    const reply = await send(way)
    if (isClientRefused(reply)) continue
    if (way !== undefined && isClientAccepted(reply)) provider.authentication.learn(way)
    return reply
  }
  return { ...first, refusedClient: { tried, announced: announcedMethods(provider.metadata) } }
}

function sendOnce<T>(
  { provider, way, options }: Attempt,
  request: (openid: OpenidClient, configuration: Configuration) => Promise<T>,
): Promise<Reply<T>> {
  const { fetch, signal } = provider.context
  return runOpenidClient(fetch, { signal, ...options }, (openid, customFetch) => {
    const configuration = configure(openid, provider, way)
    configuration[openid.customFetch] = customFetch
    return request(openid, configuration)
  })
}

interface Attempt {
  provider: OidcProvider
  way: ClientAuthentication | undefined
  options: RequestLimits & Pick<ExchangeOptions, 'adapt'>
}

/** With these statuses: Keycloak's, Auth0's; Glewlwyd's. With another one they speak of the grant or of the user. */
const codesOfStatus: Readonly<Record<number, readonly string[]>> = {
  401: ['unauthorized_client', 'access_denied', 'invalid_request'],
  403: ['unauthorized_client'],
}

/** A server that looks for id or secret elsewhere misses them: "client_id is required". */
const missesCredentials = /\bclient[ _-]?(?:id|secret|credentials?|authentication)\b/i

/**
 * Whether a provider did not take the client for who it is, and so looked at nothing else: the request may be sent again in another
 * way. A bare 401 says nothing else either.
 */
function isClientRefused(reply: Reply<unknown>): boolean {
  if (reply.kind === 'success') return false
  const { status } = reply.answer
  const { serverCode, serverMessage = '' } = readServerError(reply.answer)
  const code = reply.kind === 'error' ? reply.error : serverCode
  if (code !== undefined && codesOfRefusedClient.has(code)) return true
  // A code that is none of OAuth's says no more than its status.
  const own = code !== undefined && /^[a-z]+(?:_[a-z]+)+$/.test(code) ? code : undefined
  if (own === undefined ? status === 401 : codesOfStatus[status]?.includes(own)) return true
  const misread = status === 400 && (own === undefined || own === 'invalid_request')
  return (misread && missesCredentials.test(serverMessage)) || isClientUnknown(reply)
}

/** zitadel, and others, answer an unknown client with an error of the server. */
function isClientUnknown(reply: Reply<unknown>): boolean {
  if (reply.kind === 'success' || reply.answer.status < 500) return false
  const { serverMessage = '' } = readServerError(reply.answer)
  const unknown = '(?:unknown|invalid|not found|not exist|not registered|no such|unregistered)'
  return new RegExp(`\\bclient\\b.{0,60}\\b${unknown}|\\b${unknown}.{0,30}\\bclient\\b`, 'i').test(
    serverMessage,
  )
}

/** Whether it took the client for who it is: tokens came, or it waits for the user. */
function isClientAccepted(reply: Reply<unknown>): boolean {
  if (reply.kind === 'success') return true
  return reply.kind === 'error' && (reply.error === 'authorization_pending' || reply.error === 'slow_down')
}
