import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { listen } from './listen.ts'
import {
  addressTypeOf,
  htmlPage,
  joinSockets,
  type MockProxy,
  openUpstream,
  type ProxyFault,
  type ProxyOptions,
  reachable,
  type Tunnel,
} from './tunnels.ts'

export interface HttpProxyOptions extends ProxyOptions {
  /** Speak TLS to clients: an `https://` proxy. */
  tls?: { key: string; cert: string }
}

/** An HTTP proxy on 127.0.0.1: CONNECT tunnels (RFC 9110 section 9.3.6) and absolute-form requests. */
export async function startHttpProxy(options: HttpProxyOptions = {}): Promise<MockProxy> {
  const { challenges = ['Basic realm="mock proxy"'] } = options
  const tunnels: Tunnel[] = []
  const state: { fault: ProxyFault | undefined } = { fault: options.fault }

  /** Records the use, and returns whether it may go on. */
  const admit = (message: IncomingMessage, kind: Tunnel['kind'], target: string): Tunnel => {
    const presented = credentialsOf(message)
    const expected = options.auth && `${options.auth.user}:${options.auth.password}`
    const failed = state.fault === 'auth-required' || (expected !== undefined && presented !== expected)
    const host = target.replace(/:\d+$/, '')
    const tunnel: Tunnel = {
      kind,
      target,
      addressType: addressTypeOf(host),
      ...(presented === undefined ? {} : { presented }),
      outcome: failed ? 'auth-failed' : reachable(target, options.hosts) ? 'open' : 'refused',
      atMs: performance.now(),
    }
    tunnels.push(tunnel)
    return tunnel
  }

  const onConnect = async (message: IncomingMessage, client: Socket, head: Buffer): Promise<void> => {
    client.on('error', () => client.destroy())
    const target = message.url ?? ''
    const tunnel = admit(message, 'connect', target)
    if (state.fault === 'dead') return
    if (state.fault === 'html') {
      client.end(
        `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${htmlPage.length}\r\n\r\n${htmlPage}`,
      )
      return
    }
    if (tunnel.outcome === 'auth-failed') {
      const fields = challenges.map((challenge) => `proxy-authenticate: ${challenge}\r\n`).join('')
      client.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${fields}content-length: 0\r\n\r\n`)
      return
    }
    const to = reachable(target, options.hosts)
    const upstream = to === undefined ? 'refused' : await openUpstream(to)
    if (typeof upstream === 'string') {
      client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
      return
    }
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) upstream.write(head)
    joinSockets(client, upstream, state.fault)
  }

  const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
    const url = URL.canParse(message.url ?? '') ? new URL(message.url ?? '') : undefined
    if (url?.protocol !== 'http:') {
      response.writeHead(400, { 'content-length': '0' }).end()
      return
    }
    const target = `${url.hostname}:${url.port || '80'}`
    const tunnel = admit(message, 'absolute-form', target)
    if (state.fault === 'dead') return
    if (state.fault === 'html') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(htmlPage)
      return
    }
    if (tunnel.outcome === 'auth-failed') {
      response.writeHead(407, { 'proxy-authenticate': [...challenges], 'content-length': '0' }).end()
      return
    }
    const to = reachable(target, options.hosts)
    if (to === undefined) {
      response.writeHead(502, { 'content-length': '0' }).end()
      return
    }
    forward(message, response, { ...to, path: `${url.pathname}${url.search}`, fault: state.fault })
  }

  const server = options.tls ? createTlsServer(options.tls, onRequest) : createServer(onRequest)
  server.on('connect', onConnect)
  return listen(server, options.tls ? 'https' : 'http', options, tunnels, state)
}

/** `user:password` of a Basic Proxy-Authorization header. */
function credentialsOf(message: IncomingMessage): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(message.headers['proxy-authorization'] ?? '')?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}

/** Sends an absolute-form request on, without the headers that concern the proxy only. */
function forward(
  message: IncomingMessage,
  response: ServerResponse,
  to: { host: string; port: number; path: string; fault: ProxyFault | undefined },
): void {
  const headers = { ...message.headers }
  for (const name of ['proxy-authorization', 'proxy-connection', 'connection']) delete headers[name]
  const upstream = httpRequest(
    { host: to.host, port: to.port, path: to.path, method: message.method, headers, agent: false },
    (answer) => {
      if (to.fault === 'close-mid-tunnel') {
        answer.destroy()
        response.destroy()
        return
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    },
  )
  upstream.on('error', () => {
    if (response.headersSent) response.destroy()
    else response.writeHead(502, { 'content-length': '0' }).end()
  })
  message.pipe(upstream)
}
