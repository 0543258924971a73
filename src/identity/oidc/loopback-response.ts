import type { ServerResponse } from 'node:http'
import { type PageKind, pageHeaders, pageOf } from './loopback-page.ts'

/** RFC 9110 section 15.4.4: whatever was asked, the next request is a GET. */
export function redirect(response: ServerResponse, location: string, headers: Record<string, string>): void {
  response.writeHead(303, { ...pageHeaders, ...headers, location, 'content-length': 0 }).end()
}

/** Without a page: no person is shown this. */
export function refuse(response: ServerResponse, status: 400 | 403 | 404 | 405 | 409 | 503): void {
  const allow = status === 405 ? { allow: 'GET' } : {}
  response.writeHead(status, { ...pageHeaders, ...allow, connection: 'close', 'content-length': 0 }).end()
}

/** With a page, and nothing more on this connection. */
export function send(response: ServerResponse, status: number, kind: PageKind): void {
  response
    .writeHead(status, { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', connection: 'close' })
    .end(pageOf(kind))
}
