import { promisify } from 'node:util'
import type { Dispatcher } from 'undici'
import { errorCode, SesameError, t } from '../kit/index.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { foreignText } from './redaction/scrub.ts'

/** An answer as it came over the wire, complete. */
export interface RawAnswer {
  status: number
  statusText: string
  /** Names in lower case, in the order of arrival; a name may come twice. */
  headers: [string, string][]
  /** Still in its content coding. */
  body: Buffer
}

export interface ExchangeOptions {
  /** Ends the exchange at once; its reason is what the exchange then fails with. */
  signal: AbortSignal
  /** More bytes than this end the exchange. */
  maxBodyBytes: number
  /** Called when the head of the answer is there. */
  onHead: (status: number, headers: [string, string][]) => void
}

/**
 * Sends one request and takes in the whole answer, never more than the limit.
 *
 * @throws the signal's reason, what the connector said, an undici error, or ERR_RESPONSE_INVALID (too large)
 */
export function exchange(
  agent: Dispatcher,
  request: OutgoingRequest,
  { signal, maxBodyBytes, onHead }: ExchangeOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const head: Omit<RawAnswer, 'body'> = { status: 0, statusText: '', headers: [] }
    const chunks: Buffer[] = []
    let size = 0
    let running: Dispatcher.DispatchController | undefined
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', abort)
      reject(error)
    }
    const abort = () => {
      fail(signal.reason)
      running?.abort(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) return abort()

    agent.dispatch(
      {
        origin: request.url.origin,
        path: `${request.url.pathname}${request.url.search}`,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers.flat(),
        body: request.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(controller) {
          running = controller
          // Given up while the connection was being opened: nothing must be sent any more.
          if (signal.aborted) controller.abort(asError(signal.reason))
        },
        onResponseStart(controller, status, headers, statusText) {
          if (status < 200) return
          head.status = status
          head.statusText = statusText ?? ''
          head.headers = pairs(headers)
          onHead(status, head.headers)
          if (Number(headers['content-length']) > maxBodyBytes)
            controller.abort(tooLarge(request.url, maxBodyBytes))
        },
        onResponseData(controller, chunk) {
          size += chunk.length
          if (size > maxBodyBytes) controller.abort(tooLarge(request.url, maxBodyBytes))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          signal.removeEventListener('abort', abort)
          resolve({ ...head, body: Buffer.concat(chunks) })
        },
        onResponseError(_controller, error) {
          fail(error)
        },
      },
    )
  })
}

function tooLarge(url: URL, maxBodyBytes: number): SesameError {
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    t('The answer of {host} is larger than the {limit} kB allowed.', {
      host: url.host,
      limit: Math.round(maxBodyBytes / 1024),
    }),
  )
}

function pairs(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name.toLowerCase(), one]),
  )
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}

/**
 * The body of an answer without its content coding (gzip, deflate, br). What unpacks to more than the limit is
 * refused before it is unpacked.
 *
 * @throws SesameError ERR_RESPONSE_INVALID
 */
export async function decodeBody(answer: RawAnswer, url: URL, maxBodyBytes: number): Promise<Buffer> {
  const codings = answer.headers
    .filter(([name]) => name === 'content-encoding')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  if (codings.length > 2) throw undecodable(url, codings.join(', '))
  let body = answer.body
  if (body.length === 0) return body
  for (const coding of codings.reverse()) body = await unpack(body, coding, url, maxBodyBytes)
  return body
}

async function unpack(body: Buffer, coding: string, url: URL, maxBodyBytes: number): Promise<Buffer> {
  const zlib = await import('node:zlib')
  const limit = { maxOutputLength: maxBodyBytes }
  try {
    if (coding === 'gzip' || coding === 'x-gzip') return await promisify(zlib.gunzip)(body, limit)
    if (coding === 'br') return await promisify(zlib.brotliDecompress)(body, limit)
    if (coding === 'deflate') {
      // RFC 9110 means the zlib format; some servers send the bare stream. The first nibble distinguishes them.
      const inflate = ((body[0] ?? 0) & 0x0f) === 0x08 ? zlib.inflate : zlib.inflateRaw
      return await promisify<Buffer, object, Buffer>(inflate)(body, limit)
    }
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(url, maxBodyBytes)
    throw undecodable(url, coding, error)
  }
  throw undecodable(url, coding)
}

function undecodable(url: URL, coding: string, cause?: unknown): SesameError {
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    t('The answer of {host} cannot be decoded (content-encoding {coding}).', {
      host: url.host,
      coding: foreignText(coding, 60),
    }),
    { cause },
  )
}
