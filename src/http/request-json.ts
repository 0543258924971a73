import {
  type Fetch,
  parseForeignJson,
  type RequestOptions,
  type Secret,
  SesameError,
  t,
  withDeadline,
} from '../kit/index.ts'
import { readErrorMembers, requestIdInHeaders } from './error-members.ts'
import type { PlainAnswer, SesameFetch } from './fetch.ts'
import { receivedAt } from './received-at.ts'
import { foreignText } from './redaction/scrub.ts'
import { redirectFailure, sameOriginTarget } from './redirect.ts'
import { parseXmlError } from './xml-error.ts'

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
  /** Follow so many redirects within the origin: only for a request without any secret whose answer is checked in itself. */
  sameOriginRedirects?: number | undefined
}

/** An answer of any status; `body` is what the server sent, unchecked. */
export interface JsonAnswer {
  status: number
  /** Parsed, without `__proto__` members; undefined when the body is neither JSON nor an error document in XML. */
  body: unknown
  isJson: boolean
  /** A text that is neither JSON nor an error document: of something in between (proxy, firewall, captive portal). */
  isPage?: boolean
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
  const { timeoutMs, signal } = request
  const send = async (limited: AbortSignal | undefined) => toAnswer(await follow(fetch, request, limited))
  if (timeoutMs === undefined) return send(signal)
  return withDeadline({ ms: timeoutMs, signal, late: () => timedOut(request.url, timeoutMs) }, send)
}

async function follow(
  fetch: Fetch,
  request: JsonRequest,
  signal: AbortSignal | undefined,
): Promise<PlainAnswer> {
  const { sameOriginRedirects = 0 } = request
  const init: RequestOptions = {
    method: request.method,
    headers: headersOf(request),
    body: bodyOf(request),
    redirect: 'manual',
    ...(sameOriginRedirects > 0 && { redirectIsAnswer: true }),
    ...(request.limitMs !== undefined && { limitMs: request.limitMs }),
    ...(signal !== undefined && { signal }),
  }
  let url = new URL(request.url)
  for (let left = sameOriginRedirects; ; left--) {
    const answer = await ask(fetch, url.href, init)
    if (sameOriginRedirects === 0 || answer.status < 300 || answer.status > 399) return answer
    const target = sameOriginTarget(answer, url)
    if (target === undefined || left === 0) throw redirectFailure(answer, url)
    url = target
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
  const parsed = parseForeignJson(text)
  // The content type is not looked at: gateways and proxies send whatever they have as whatever they like.
  const body = parsed === undefined ? parseXmlError(text) : parsed.value
  const serverDate = serverDateOf(header)
  const requestId = requestIdInHeaders(header) ?? readErrorMembers(body).requestId
  return {
    status,
    body,
    isJson: parsed !== undefined,
    isPage: parsed === undefined && body === undefined && text.trim() !== '',
    requestId: requestId && foreignText(requestId, 128),
    serverDate,
    receivedAt,
    retryAfterMs: retryAfterMs(header('retry-after'), serverDate ?? receivedAt),
  }
}

function headersOf({ headers, json, form, bearer }: JsonRequest): Record<string, string> {
  return {
    accept: 'application/json',
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...headers,
    // Without the charset that openid-client adds: the type has no parameters, and oauthlib compares it to the letter.
    ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(bearer && { authorization: `Bearer ${bearer.reveal()}` }),
  }
}

function bodyOf({ json, form }: JsonRequest): string | URLSearchParams | null {
  if (json !== undefined) return JSON.stringify(json)
  return form ? new URLSearchParams(form) : null
}

function timedOut(url: string, timeoutMs: number): SesameError {
  return new SesameError(
    'ERR_TIMEOUT',
    t('No complete answer from {host} within {seconds} s.', {
      host: new URL(url).host,
      seconds: timeoutMs / 1000,
    }),
    {
      hint: t('Check the network connection, or try again later.'),
    },
  )
}

/**
 * `Retry-After` in milliseconds: a number of seconds, or an HTTP date (RFC 9110 section 10.2.3), which is taken
 * relative to the server's own clock. Never negative; undefined when absent or unreadable.
 *
 * @param now the server's `Date`, else the local time of arrival
 */
function retryAfterMs(value: string | null | undefined, now: Date | undefined): number | undefined {
  if (value === null || value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  const date = httpDate(value)
  if (!date || !now) return undefined
  return Math.max(0, date.getTime() - now.getTime())
}

/**
 * When an answer was given by the server's clock: its `Date`, and the seconds that a cache in between has kept it (RFC 9111
 * section 5.1). Undefined without a date.
 */
function serverDateOf(header: (name: string) => string | undefined): Date | undefined {
  const date = httpDate(header('date'))
  const age = header('age') ?? ''
  return date && new Date(date.getTime() + (/^\d{1,9}$/.test(age) ? Number(age) * 1000 : 0))
}

/** A date header; undefined when absent or unreadable. */
function httpDate(value: string | null | undefined): Date | undefined {
  if (value === null || value === undefined || !/^[A-Z][a-z]{2}/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : new Date(time)
}
