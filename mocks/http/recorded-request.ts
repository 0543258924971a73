import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** One request as the mock saw it. `atMs` and `answeredAtMs` are monotonic (`performance.now()`). */
export interface RecordedRequest {
  method: string
  /** Path without the query. */
  path: string
  /** Query members; a repeated name keeps all its values in `queryAll`. */
  query: Record<string, string>
  queryAll: URLSearchParams
  headers: IncomingHttpHeaders
  /** The parsed body: JSON value, form members, text, or undefined when there is none. */
  body: unknown
  /** The body as it came. */
  text: string
  /** Arrival of the header block. */
  atMs: number
  /** When the last byte was handed over, or the connection ended before that. */
  answeredAtMs?: number
  /** Status of the answer; absent when none was sent. */
  status?: number
  /** Requests of one socket share it. */
  connectionId: number
  remoteAddress: string
}

/** Larger request bodies are of no use to any mock here; the rest is dropped. */
const bodyLimitBytes = 1_000_000

/** Reads a request to its end. A body that claims to be JSON and is not stays text. */
export async function readRequest(message: IncomingMessage, connectionId: number): Promise<RecordedRequest> {
  const atMs = performance.now()
  const target = message.url ?? '/'
  // Not relative: a path that begins with two slashes would be taken for a host.
  const url = new URL(target.startsWith('/') ? `http://mock.invalid${target}` : target)
  const request: RecordedRequest = {
    method: message.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    queryAll: url.searchParams,
    headers: message.headers,
    body: undefined,
    text: '',
    atMs,
    connectionId,
    remoteAddress: message.socket.remoteAddress ?? '',
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= bodyLimitBytes) chunks.push(chunk)
  }
  request.text = Buffer.concat(chunks).toString('utf8')
  request.body = parseBody(request.text, mediaType(request.headers))
  return request
}

/** `application/json; charset=utf-8` -> `application/json`. */
export function mediaType(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

function parseBody(text: string, type: string): unknown {
  if (text === '') return undefined
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(text))
  if (type !== 'application/json') return text
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
