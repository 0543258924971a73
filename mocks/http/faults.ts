import type { ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import type { ReplyHeaders } from './reply.ts'

/**
 * What can go wrong with one answer. Unless said otherwise the real handler does not run, so a device
 * code survives the fault and the next request meets a healthy server.
 */
export type Fault =
  /** The given status, headers and body (raw text, may be empty). */
  | { kind: 'status'; status: number; headers?: ReplyHeaders; body?: string }
  /** The given JSON value instead of the real one. */
  | { kind: 'json'; body: unknown; status?: number; headers?: ReplyHeaders }
  /** The socket is destroyed (RST on plain TCP) before any byte of the answer. */
  | { kind: 'reset' }
  /** As `reset`, but the real handler runs first: the server has acted, the answer is lost. */
  | { kind: 'lost-answer' }
  /** The real answer, so much later: a server that is slow, not absent. The handler runs at once. */
  | { kind: 'late-answer'; afterMs: number }
  /** Never answers; the socket stays open. */
  | { kind: 'hang' }
  /** Announces more bytes than it sends, then closes. */
  | { kind: 'truncate' }
  /** Announces fewer bytes than it sends. */
  | { kind: 'wrong-length' }
  /** One byte each `everyMs` (1000). */
  | { kind: 'slow-body'; everyMs?: number }
  /** A JSON text that never ends. */
  | { kind: 'endless-body' }
  /** A small gzip body that unpacks to `megabytes` (256). */
  | { kind: 'gzip-bomb'; megabytes?: number }
  | { kind: 'redirect'; to: string; status?: number }
  /** `count` (400) headers of about 100 bytes: more than HTTP parsers take. */
  | { kind: 'many-headers'; count?: number }

/** The faults that tests ask for most. */
export const faults = {
  internalErrorHtml: {
    kind: 'status',
    status: 500,
    headers: { 'content-type': 'text/html' },
    body: '<html><body><h1>500 Internal Server Error</h1></body></html>',
  },
  badGatewayEmpty: { kind: 'status', status: 502, body: '' },
  throttled: {
    kind: 'json',
    status: 429,
    body: {
      ErrorCode: 'Throttling.User',
      ErrorMessage: 'Request was denied due to user flow control.',
      RequestId: '7f6d0c1e-0000-4000-8000-000000000429',
    },
  },
} as const satisfies Record<string, Fault>

/** 503 with `Retry-After`: seconds, or any text to see what a client makes of it. */
export function unavailable(retryAfter: number | string): Fault {
  return { kind: 'status', status: 503, headers: { 'retry-after': String(retryAfter) }, body: 'busy' }
}

const filler = JSON.stringify({ Filler: 'x'.repeat(200) })
const jsonType = { 'content-type': 'application/json' }

/** Plays one fault on a response. `lost-answer` must have run the handler before. */
export function playFault(
  response: ServerResponse,
  fault: Exclude<Fault, { kind: 'late-answer' }>,
  standard: ReplyHeaders,
): void {
  switch (fault.kind) {
    case 'status': {
      const length = { 'content-length': String(Buffer.byteLength(fault.body ?? '')) }
      response.writeHead(fault.status, { ...standard, ...length, ...fault.headers }).end(fault.body)
      return
    }
    case 'json':
      response.writeHead(fault.status ?? 200, { ...standard, ...jsonType, ...fault.headers })
      response.end(JSON.stringify(fault.body))
      return
    case 'reset':
    case 'lost-answer':
      dropConnection(response)
      return
    case 'hang':
      return
    case 'truncate':
      response.writeHead(200, { ...standard, ...jsonType, 'content-length': String(filler.length) })
      response.write(filler.slice(0, 100), () => response.socket?.destroy())
      return
    case 'wrong-length':
      response.writeHead(200, { ...standard, ...jsonType, 'content-length': String(filler.length - 10) })
      response.end(filler)
      return
    case 'slow-body':
      sendSlowly(response, fault.everyMs ?? 1000, standard)
      return
    case 'endless-body':
      sendEndlessly(response, standard)
      return
    case 'gzip-bomb': {
      const megabyte = gzipSync(Buffer.alloc(1_000_000, ' '))
      response.writeHead(200, { ...standard, ...jsonType, 'content-encoding': 'gzip' })
      // Gzip members may follow one another, so the bomb costs the mock one small compression.
      response.end(Buffer.concat(Array.from({ length: fault.megabytes ?? 256 }, () => megabyte)))
      return
    }
    case 'redirect':
      response
        .writeHead(fault.status ?? 302, { ...standard, location: fault.to, 'content-length': '0' })
        .end()
      return
    case 'many-headers': {
      const many = Array.from({ length: fault.count ?? 400 }, (_, i) => [`x-filler-${i}`, 'y'.repeat(90)])
      response.writeHead(200, { ...standard, ...jsonType, ...Object.fromEntries(many) }).end('{}')
      return
    }
  }
}

function dropConnection(response: ServerResponse): void {
  const socket = response.socket
  // Node cannot send an RST through a TLS socket; a plain close must do there.
  if (socket instanceof TLSSocket) socket.destroy()
  else socket?.resetAndDestroy()
}

function sendSlowly(response: ServerResponse, everyMs: number, standard: ReplyHeaders): void {
  response.writeHead(200, { ...standard, ...jsonType, 'content-length': String(filler.length) })
  let sent = 0
  const timer = setInterval(() => {
    response.write(filler.charAt(sent++))
    if (sent === filler.length) response.end()
  }, everyMs)
  response.on('close', () => clearInterval(timer))
}

function sendEndlessly(response: ServerResponse, standard: ReplyHeaders): void {
  response.writeHead(200, { ...standard, ...jsonType })
  response.write('{"Endless":"')
  const chunk = 'x'.repeat(16_384)
  const more = () => {
    if (!response.destroyed && !response.write(chunk)) response.once('drain', more)
    else if (!response.destroyed) setImmediate(more)
  }
  more()
}
