import {
  type Clock,
  type Fetch,
  type Log,
  type RequestOptions,
  SesameError,
  t,
  withDeadline,
} from '../kit/index.ts'
import { causeInWords, exchangeFailure } from './connection-failure.ts'
import type { RawAnswer } from './dispatch.ts'
import { logAnswer, logFailure, logRequest } from './exchange-log.ts'
import { type OutgoingRequest, outgoingRequest, refuseUncheckedTls } from './outgoing-request.ts'
import type { ProxyEnvironment } from './proxy/proxy.ts'
import { noteArrival } from './received-at.ts'
import type { Exchange } from './record/exchange-record.ts'
import { redirectFailure } from './redirect.ts'
import type { Transport } from './transport.ts'

export interface FetchOptions {
  /** Version of sesame, for the User-Agent. */
  version: string
  proxy: ProxyEnvironment
  /** SESAME_CA_FILE: PEM certificates trusted beside the default roots. */
  caFile?: string | undefined
  /** NODE_EXTRA_CA_CERTS, which keeps its effect beside `caFile`. */
  extraCaFile?: string | undefined
  /** NODE_TLS_REJECT_UNAUTHORIZED: `0` is refused. */
  tlsRejectUnauthorized?: string | undefined
  log: Log
  clock: Clock
  /** Called for each request once its answer, or its failure, is there. */
  onExchange?: ((exchange: Exchange) => void) | undefined
  /** Limit for opening a connection: name lookup, TCP, proxy and TLS together. Default 10 s. */
  connectTimeoutMs?: number
  /** Limit for the whole request, opening the connection and reading the body included. Default 10 s. */
  requestTimeoutMs?: number
  /** Limit for a body, before and after decompression. Default 256 kB. */
  maxBodyBytes?: number
}

/** An answer without the `Response` around it: that class is loaded when first used, and takes 20 ms. */
export interface PlainAnswer {
  status: number
  /** The first header of this name (in lower case). */
  header(name: string): string | undefined
  /** The body as text. */
  text: string
  /** Local, uncorrected time at which the head arrived. */
  receivedAt: Date | undefined
}

export type SesameFetch = Fetch & {
  /** The same request with the bare answer. */
  plain(url: string, init?: RequestOptions): Promise<PlainAnswer>
  /** Ends all connections at once. A later request opens new ones. */
  close(): Promise<void>
}

/**
 * The one way to the network: https only (http for a literal loopback address), through the proxy that the
 * environment names, with our User-Agent, kept-alive connections, time and size limits. Redirects are never followed. The
 * answer's body is complete when the promise resolves. Loads undici with the first request.
 *
 * @throws SesameError ERR_NETWORK, ERR_TIMEOUT, ERR_TLS, ERR_PROXY, ERR_RESPONSE_INVALID (redirect, too large,
 *   cut short, undecodable), ERR_INSECURE_URL; the signal's reason when the caller aborts
 */
export function createFetch(options: FetchOptions): SesameFetch {
  const userAgent = `sesame/${options.version}`
  let transport: Promise<Transport> | undefined

  const request = async (url: string, init: RequestOptions = {}): Promise<Received> => {
    init.signal?.throwIfAborted()
    refuseUncheckedTls(options.tlsRejectUnauthorized)
    const request = outgoingRequest(url, init, userAgent)
    transport ??= loadTransport(request.url, options, userAgent)
    const limits = init.limitMs === undefined ? options : { ...options, requestTimeoutMs: init.limitMs }
    const received = await send(await transport, request, init.signal ?? undefined, limits)
    const { status, headers } = received.answer
    if (status >= 300 && status < 400 && init.redirectIsAnswer !== true)
      throw redirectFailure({ status, header: firstOf(headers) }, request.url)
    return received
  }
  const fetch = async (url: string, init?: RequestOptions) => toResponse(await request(url, init))
  const plain = async (url: string, init?: RequestOptions) => toPlainAnswer(await request(url, init))
  const close = async () => {
    const open = transport
    transport = undefined
    // A transport that could not be made (its error was the request's) has nothing to close.
    await open?.then(
      (made) => made.close(),
      () => undefined,
    )
  }
  return Object.assign(fetch, { plain, close })
}

/** What came back, not yet in any caller's shape. */
interface Received {
  answer: RawAnswer
  url: URL
  receivedAt: Date | undefined
}

async function loadTransport(first: URL, options: FetchOptions, userAgent: string): Promise<Transport> {
  const { createTransport } = await import('./transport.ts')
  return createTransport(first, {
    proxy: options.proxy,
    caFile: options.caFile,
    extraCaFile: options.extraCaFile,
    userAgent,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
  })
}

async function send(
  transport: Transport,
  request: OutgoingRequest,
  signal: AbortSignal | undefined,
  { log, clock, onExchange, requestTimeoutMs = 10_000, maxBodyBytes = 256 * 1024 }: FetchOptions,
): Promise<Received> {
  const way = transport.wayTo(request.url)
  let answered = false
  const late = () => timeout(request.url, way, requestTimeoutMs, answered)
  const startedMs = clock.monotonicMs()
  const elapsedMs = () => Math.round(clock.monotonicMs() - startedMs)
  logRequest(log, request, way)
  const note = (outcome: Pick<Exchange, 'answer' | 'error'>) => {
    const endedMs = clock.monotonicMs()
    onExchange?.({
      request,
      proxy: way !== undefined,
      startedMs,
      endedMs,
      at: receivedAt ?? clock.now(),
      ...outcome,
    })
  }
  let receivedAt: Date | undefined
  try {
    const onHead = () => {
      answered = true
      receivedAt = clock.now()
    }
    const answer = await withDeadline({ ms: requestTimeoutMs, signal, late }, (limited) =>
      transport.send(request, { signal: limited, maxBodyBytes, onHead }),
    )
    logAnswer(log, answer, elapsedMs())
    if (answer.status > 599) {
      throw new SesameError(
        'ERR_RESPONSE_INVALID',
        t('{host} answered with the status {status}.', { host: request.url.host, status: answer.status }),
      )
    }
    note({ answer })
    return { answer, url: request.url, receivedAt }
  } catch (error) {
    const reason = error instanceof SesameError ? `${error.code} ${error.message}` : causeInWords(error)
    logFailure(log, reason, elapsedMs())
    if (signal?.aborted && error === signal.reason) throw error
    const failure = exchangeFailure(error, request.url.host, answered)
    note({ error: failure })
    throw failure
  }
}

/** Statuses that the Response class allows no body for. */
const bodiless = new Set([204, 205, 304])

function toResponse({ answer, url, receivedAt }: Received): Response {
  const { status, statusText, headers, body } = answer
  const response = new Response(bodiless.has(status) ? null : new Uint8Array(body), {
    status,
    statusText: statusText.replace(/[^\t\x20-\x7e]/g, '?'),
    headers,
  })
  Object.defineProperty(response, 'url', { value: url.href })
  if (receivedAt) noteArrival(response, receivedAt)
  return response
}

function toPlainAnswer({ answer: { status, headers, body }, receivedAt }: Received): PlainAnswer {
  return { status, header: firstOf(headers), text: textOf(body), receivedAt }
}

function firstOf(headers: RawAnswer['headers']): PlainAnswer['header'] {
  return (name) => headers.find(([one]) => one === name)?.[1]
}

/** UTF-8, or UTF-16 behind its byte order mark: a few gateways write their pages and errors with it. */
function textOf(body: Buffer): string {
  const [first, second] = body
  if (first === 0xff && second === 0xfe) return body.toString('utf16le')
  const isBigEndian = first === 0xfe && second === 0xff && body.length % 2 === 0
  return isBigEndian ? Buffer.from(body).swap16().toString('utf16le') : body.toString('utf8')
}

function timeout(url: URL, way: string | undefined, afterMs: number, answered: boolean): SesameError {
  const host =
    way === undefined ? url.host : t('{host} through proxy {proxy}', { host: url.host, proxy: way })
  const seconds = afterMs / 1000
  const message = answered
    ? t('The answer of {host} was not complete within {seconds} s.', { host, seconds })
    : t('No answer from {host} within {seconds} s.', { host, seconds })
  return new SesameError('ERR_TIMEOUT', message, {
    hint: t('Check the network connection, or try again later.'),
  })
}
