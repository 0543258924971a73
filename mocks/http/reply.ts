import type { ServerResponse } from 'node:http'

export type ReplyHeaders = Record<string, string | string[]>

/** An answer as a value: an object goes out as JSON, a string as HTML unless the headers say otherwise. */
export interface Reply {
  status: number
  headers?: ReplyHeaders
  body: object | string
}

/** Sends a reply; what it says about headers wins over `standard`. */
export function sendReply(response: ServerResponse, reply: Reply, standard: ReplyHeaders): void {
  const isText = typeof reply.body === 'string'
  const payload = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body)
  response.writeHead(reply.status, {
    ...standard,
    'content-type': isText ? 'text/html; charset=utf-8' : 'application/json',
    'content-length': String(Buffer.byteLength(payload)),
    ...reply.headers,
  })
  response.end(payload)
}
