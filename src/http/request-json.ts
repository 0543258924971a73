import { type Secret, SesameError } from '../kit/index.ts'
import type { Fetch, PlainAnswer, RequestOptions, SesameFetch } from './fetch.ts'
import { retryAfterMs, serverDateOf } from './header-times.ts'
import { parseJson } from './parse-json.ts'
import { receivedAt } from './received-at.ts'
import { requestIdHeaders, requestIdOfBody, requestIdText } from './request-id.ts'

export interface JsonRequest {
  method: string
  url: string
  headers?: Record<string, string>
  /** Sent as `application/json`. */
  json?: unknown
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: Record<string, string> | URLSearchParams
  /** Sent as `Authorization: Bearer` (RFC 6750 section 2.1). */
  bearer?: Secret
  /** The caller's abort: the call then rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
  /** Shortens the time limit of the fetch for this request. */
  timeoutMs?: number
  /** Takes the place of the limit of the fetch: for an answer that must not be lost. */
  limitMs?: number | undefined
}

/** An answer of any status; `body` is what the server sent, unchecked. */
export interface JsonAnswer {
  status: number
  /** Parsed, without `__proto__` members; undefined when the body is not JSON. */
  body: unknown
  isJson: boolean
  /** From a header or the body, safe to show. */
  requestId: string | undefined
  /** The server's clock (whole seconds), from `Date`, and from `Age` where a cache has kept the answer. */
  serverDate: Date | undefined
  /** Local, uncorrected time of arrival: `serverDate - receivedAt` is the skew. */
  receivedAt: Date | undefined
  retryAfterMs: number | undefined
}

/**
 * Sends a request and reads a JSON answer. Judging status and body is the caller's.
 *
 * @throws what the fetch throws, ERR_TIMEOUT after `timeoutMs`, or `signal.reason`
 */
export async function requestJson(fetch: Fetch, request: JsonRequest): Promise<JsonAnswer> {
  const limit = request.timeoutMs === undefined ? undefined : AbortSignal.timeout(request.timeoutMs)
  const signals = [request.signal, limit].filter((signal) => signal !== undefined)
  try {
    const answer = await ask(fetch, request.url, {
      method: request.method,
      headers: headersOf(request),
      body: bodyOf(request),
      redirect: 'manual',
      ...(request.limitMs !== undefined && { limitMs: request.limitMs }),
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    })
    return toAnswer(answer)
  } catch (error) {
    if (request.signal?.aborted && error === request.signal.reason) throw error
    if (limit?.aborted && error === limit.reason) throw timedOut(request)
    throw error
  }
}

/** By the short way where it is our own fetch. */
async function ask(fetch: Fetch | SesameFetch, url: string, init: RequestOptions): Promise<PlainAnswer> {
  if ('plain' in fetch) return fetch.plain(url, init)
  const response = await fetch(url, init)
  const header = (name: string) => response.headers.get(name) ?? undefined
  return { status: response.status, header, text: await response.text(), receivedAt: receivedAt(response) }
}

function toAnswer({ status, header, text, receivedAt }: PlainAnswer): JsonAnswer {
  const parsed = parseJson(text)
  const serverDate = serverDateOf(header)
  const named = requestIdHeaders.map((name) => requestIdText(header(name)))
  return {
    status,
    body: parsed?.value,
    isJson: parsed !== undefined,
    requestId: named.find((id) => id !== undefined) ?? requestIdOfBody(parsed?.value),
    serverDate,
    receivedAt,
    retryAfterMs: retryAfterMs(header('retry-after'), serverDate ?? receivedAt),
  }
}

function headersOf({ headers, json, bearer }: JsonRequest): Record<string, string> {
  return {
    accept: 'application/json',
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...headers,
    ...(bearer && { authorization: `Bearer ${bearer.reveal()}` }),
  }
}

function bodyOf({ json, form }: JsonRequest): string | URLSearchParams | null {
  if (json !== undefined) return JSON.stringify(json)
  return form ? new URLSearchParams(form) : null
}

function timedOut({ url, timeoutMs = 0 }: JsonRequest): SesameError {
  return new SesameError(
    'ERR_TIMEOUT',
    `No complete answer from ${new URL(url).host} within ${timeoutMs / 1000} s.`,
    {
      hint: 'Check the network connection, or try again later.',
    },
  )
}
