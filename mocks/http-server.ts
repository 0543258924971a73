import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, playFault } from './http/faults.ts'
import { createInterceptions, type Interceptions } from './http/interceptions.ts'
import { type RecordedRequest, readRequest } from './http/recorded-request.ts'
import { type Reply, type ReplyHeaders, sendReply } from './http/reply.ts'

export type Handler = (request: RecordedRequest) => Reply | Promise<Reply>

export interface HttpServerOptions<Route extends string> {
  /** Handlers by `METHOD /path`. */
  routes: Record<Route, Handler>
  /** Answers every other path. Default: 404 with an empty object. */
  fallback?: Handler
  /** 0 (default) takes any free port, which is never one of those that browsers and fetch refuse. */
  port?: number
  tls?: { key: string; cert: string }
  /** Delay before each answer. */
  latencyMs?: number
  /** Sent with every answer, faults too. */
  standardHeaders?: () => ReplyHeaders
  /** A fault that the server itself decides upon, before those that a test has ordered. */
  overload?: (route: Route, request: RecordedRequest) => Fault | undefined
  /** Sees each request of a route before a fault or the handler does. */
  onRequest?: (route: Route, request: RecordedRequest) => void
  /** Called when an answer has left, or its connection is gone (`delivered` false). */
  onAnswered?: (route: Route | undefined, request: RecordedRequest, delivered: boolean) => void
}

export interface HttpServer<Route extends string> extends Interceptions<Route> {
  /** `http://127.0.0.1:<port>`, or https. */
  url: string
  port: number
  requests: RecordedRequest[]
  /** TCP connections accepted so far, failed TLS handshakes included. */
  readonly connections: number
  /** Stops listening and drops every socket. */
  close(): Promise<void>
}

/** Starts a recording server on 127.0.0.1. An exception in a handler is left to crash the test run: it is a bug of the mock. */
export async function startHttpServer<Route extends string>(
  options: HttpServerOptions<Route>,
): Promise<HttpServer<Route>> {
  const interceptions = createInterceptions<Route>()
  const requests: RecordedRequest[] = []
  const sockets = new Set<Socket>()
  const connectionIds = new WeakMap<Socket, number>()
  const standardHeaders = options.standardHeaders ?? (() => ({}))
  let connections = 0
  let lastConnectionId = 0
  let closed = false

  const connectionId = (socket: Socket): number => {
    const id = connectionIds.get(socket) ?? ++lastConnectionId
    connectionIds.set(socket, id)
    return id
  }

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message, connectionId(message.socket)).catch((error: unknown) => {
      // The client went away while sending: there is no client to answer.
      if (message.socket.destroyed || message.destroyed) return undefined
      throw error
    })
    if (request === undefined) return
    requests.push(request)
    const route = routeOf(options.routes, request)
    response.once('close', () => {
      request.answeredAtMs = performance.now()
      if (response.headersSent) request.status = response.statusCode
      options.onAnswered?.(route, request, response.writableFinished)
    })
    if (route !== undefined) options.onRequest?.(route, request)
    const overload = route === undefined ? undefined : options.overload?.(route, request)
    if (options.latencyMs) await sleep(options.latencyMs)

    const fault = overload ?? (route === undefined ? undefined : interceptions.takeFault(route, request))
    if (fault !== undefined && fault.kind !== 'lost-answer' && fault.kind !== 'late-answer')
      return playFault(response, fault, standardHeaders())
    const handler = route === undefined ? (options.fallback ?? notFound) : options.routes[route]
    const reply = await handler(request)
    if (fault?.kind === 'lost-answer') return playFault(response, fault, {})
    if (fault !== undefined) await sleep(fault.afterMs)
    sendReply(response, route === undefined ? reply : interceptions.bend(route, reply), standardHeaders())
  }

  const listener = (message: IncomingMessage, response: ServerResponse): Promise<void> =>
    answer(message, response).catch((error: unknown) => {
      // A handler that asks a server itself loses it when all are closed; no client waits for its answer any more.
      if (!closed || !isConnectionLoss(error)) throw error
    })

  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener)
  // Longer than any poll interval, as real front ends do, so that connection reuse can be observed.
  server.keepAliveTimeout = 65_000
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    ...interceptions,
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections
    },
    close: () =>
      new Promise((resolve) => {
        closed = true
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function routeOf<Route extends string>(
  routes: Record<Route, Handler>,
  request: RecordedRequest,
): Route | undefined {
  const key = `${request.method} ${request.path}`
  return Object.hasOwn(routes, key) ? (key as Route) : undefined
}

function isConnectionLoss(error: unknown): boolean {
  return error instanceof Error && 'code' in error && lossCodes.has(String(error.code))
}

const lossCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'])

const notFound: Handler = () => ({ status: 404, body: {} })
