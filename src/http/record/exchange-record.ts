import { isSesameError, parseRecord } from '../../kit/index.ts'
import type { RawAnswer } from '../dispatch.ts'
import { readErrorMembers } from '../error-members.ts'
import type { OutgoingRequest } from '../outgoing-request.ts'
import { outlineBody, outlinePath, requestIdWord, serverWord } from './outline.ts'

/**
 * One request and what came of it, with nothing that is a secret, names a person or an account, or came from a person: the step of
 * a flow that `sesame doctor --bundle` shows.
 */
export interface ExchangeStep {
  method: string
  /** `https://host` and the path, without a query; `*` for what looks like an identifier. */
  origin: string
  path: string
  /** When the request was sent, in ms from the start of the record. */
  atMs: number
  tookMs: number
  /** How often the same was asked and answered alike, one after the other: polls. */
  times?: number
  /** It went through a proxy. */
  proxy?: true
  /** How far the server's clock was ahead of this one, in seconds. */
  clockAheadS?: number
  status?: number
  contentType?: string
  /** The server's error code. */
  code?: string
  requestId?: string
  retryAfter?: string
  /** The form of a JSON body. */
  body?: unknown
  /** Why no answer came, or none that is usable: a code of sesame, or the system's. */
  failure?: string
}

/** The steps of this process, as far as they are kept. */
export interface ExchangeRecord {
  note(exchange: Exchange): void
  steps(): readonly ExchangeStep[]
}

/** What became of a request. */
export interface Exchange {
  request: OutgoingRequest
  proxy: boolean
  /** Monotonic. */
  startedMs: number
  endedMs: number
  /** By the local clock. */
  at: Date
  answer?: RawAnswer
  error?: unknown
}

const mostSteps = 60
const mostBodyBytes = 64 * 1024

/** Keeps the last steps. Polls that are answered alike are one. */
export function recordExchanges(): ExchangeRecord {
  const steps: ExchangeStep[] = []
  let beganMs: number | undefined
  return {
    note(exchange) {
      beganMs ??= exchange.startedMs
      const step = stepOf(exchange, beganMs)
      const last = steps.at(-1)
      if (last !== undefined && isSame(last, step)) last.times = (last.times ?? 1) + 1
      else steps.push(step)
      if (steps.length > mostSteps) steps.shift()
    },
    steps: () => steps,
  }
}

function stepOf(
  { request, proxy, startedMs, endedMs, at, answer, error }: Exchange,
  beganMs: number,
): ExchangeStep {
  const { method, url } = request
  return {
    method,
    origin: url.origin,
    path: outlinePath(url.pathname),
    atMs: Math.round(startedMs - beganMs),
    tookMs: Math.round(endedMs - startedMs),
    ...(proxy && { proxy }),
    ...(answer === undefined ? { failure: failureOf(error) } : answerOf(answer, at)),
  }
}

function failureOf(error: unknown): string {
  if (isSesameError(error)) return error.code
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return /^[A-Z_]{3,40}$/.test(code) ? code : 'unknown'
}

function answerOf({ status, headers, body }: RawAnswer, at: Date): Partial<ExchangeStep> {
  const header = (name: string) => headers.find(([each]) => each === name)?.[1]
  const contentType = /^[\w.+-]+\/[\w.+-]+/.exec(header('content-type') ?? '')?.[0]
  const date = Date.parse(header('date') ?? '')
  const retryAfter = /^\d{1,5}$/.exec(header('retry-after') ?? '')?.[0]
  const parsed = body.length > mostBodyBytes ? undefined : parseRecord(body.toString('utf8'))
  const members = readErrorMembers(parsed)
  const code = members.code === undefined ? undefined : (serverWord(members.code) ?? '(text)')
  const requestId = requestIdWord(members.requestId ?? header('x-acs-request-id') ?? '')
  return {
    status,
    ...(contentType !== undefined && { contentType: contentType.slice(0, 80) }),
    ...(!Number.isNaN(date) && { clockAheadS: Math.round((date - at.getTime()) / 1000) }),
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(parsed !== undefined && { body: outlineBody(parsed, at) }),
  }
}

/** Polls, but for their times and RequestIds. */
function isSame(one: ExchangeStep, other: ExchangeStep): boolean {
  const bare = ({ method, origin, path, status, code, failure }: ExchangeStep) =>
    [method, origin, path, status, code, failure].join(' ')
  return (one.code ?? one.failure) !== undefined && bare(one) === bare(other)
}
