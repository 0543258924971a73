import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type PlacedSocket, placeSocket } from '../files/index.ts'
import { type Clock, errorCode, isSesameError, type Log, SesameError, t } from '../kit/index.ts'
import { guardConnections, loopbackTimeouts, socketAccess } from '../loopback/index.ts'
import { type Answer, credentialsAnswer, refusalAnswer } from './answer.ts'
import { createCredentialsSource, type ObtainedCredentials, type Provide } from './credentials-source.ts'
import { createPathSecret } from './path-secret.ts'
import { refuseOtherUser, refuseRequest } from './request-check.ts'

export interface CredentialsServerOptions {
  /**
   * Hands out credentials, renewed when the ones it has are close to expiry. Never called twice at the same time, and
   * only when less than 20 minutes or half of the lifetime are left. It must come to an end by itself, but may take longer than
   * an answer does; what it rejects with counts as `unavailable`.
   */
  provide: Provide
  /** What is there already: no request finds the server without it. */
  initial?: ObtainedCredentials | undefined
  /** 0, the default, takes any free port. */
  port?: number
  /** A Unix socket instead, at this path: only this user (and root) can connect to it. */
  socket?: string
  clock: Clock
  log: Log
}

export interface CredentialsServer {
  /** `http://127.0.0.1:<port>/<secret>`, without a port for a Unix socket: a client that has it gets the credentials. */
  url: string
  /** Where the socket is, without links; undefined for a port. */
  socket: string | undefined
  /** Ends at once, with all connections, and frees the port, or removes the socket. */
  close(): Promise<void>
}

/** Clients send some hundred bytes; a request of more is none of theirs. */
const limits: ServerOptions = { ...loopbackTimeouts, maxHeaderSize: 8 * 1024 }

/**
 * Starts a credentials-URI server for the Alibaba Cloud SDKs and CLIs, on 127.0.0.1 or a Unix socket only. Clients can send no
 * header of ours, so the path is the secret; requests that a web page can cause are refused, and so are processes of other
 * users, root excepted, where the system reports whose a connection is. The path is one of a socket, too: it may be forwarded to
 * a port, where its mode protects nothing.
 * @throws SesameError ERR_USAGE when the port, or the path of the socket, cannot be used
 */
export async function startCredentialsServer({
  provide,
  initial,
  port = 0,
  socket,
  clock,
  log,
}: CredentialsServerOptions): Promise<CredentialsServer> {
  const { createServer } = process.getBuiltinModule('node:http')
  const secret = createPathSecret()
  const source = createCredentialsSource({ provide, initial, clock, log })

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { method = '', url: target = '', rawHeaders, socket } = request
    if (!(await connections.isOwn(socket))) return refusalAnswer(refuseOtherUser())
    const refusal = refuseRequest(
      { method, target, rawHeaders },
      { port: ownPort, isSecretPath: secret.matches },
    )
    return refusal === undefined ? credentialsAnswer(await source.current()) : refusalAnswer(refusal)
  }

  const server = createServer(limits, async (request, response) => {
    const { status, headers, body } = await answer(request)
    // The path is a secret and the method may be anything: the log has the outcome only.
    log('sesame:http', `serve: ${status}`)
    send(response, { status, headers, body })
  })
  // A client may end its side with the request (nc -N): Node would hang up on it before its answer is ready.
  Object.assign(server, { httpAllowHalfOpen: true })
  const connections = guardConnections(server, socket === undefined ? undefined : socketAccess)
  const placed = socket === undefined ? undefined : await listenAt(server, socket)
  const ownPort = placed === undefined ? await listen(server, port) : undefined
  server.on('error', (error) => log('sesame:http', `serve: ${errorCode(error) ?? error.message}`))

  return {
    url: `http://127.0.0.1${ownPort === undefined ? '' : `:${ownPort}`}${secret.path.reveal()}`,
    socket: placed?.path,
    close: () =>
      new Promise((resolve) => {
        placed?.remove()
        // Its only failure is that the server is closed already.
        server.close(() => resolve())
        connections.destroyAll()
      }),
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

async function listenAt(server: Server, path: string): Promise<PlacedSocket> {
  const listenOn = (place: string) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(place, () => {
        server.off('error', reject)
        resolve()
      })
    })
  try {
    return await placeSocket(path, listenOn)
  } catch (error) {
    server.close()
    if (!isSesameError(error)) throw error
    // As with a port: the place is the caller's choice.
    throw new SesameError('ERR_USAGE', error.message, {
      ...(error.hint && { hint: error.hint }),
      cause: error,
    })
  }
}

/** Listens, and says on which port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new SesameError(
          'ERR_USAGE',
          t('Port {port} cannot be used ({reason}).', { port, reason: errorCode(cause) ?? cause.message }),
          {
            hint: t('Choose another port, or 0 for any free one.'),
            cause,
          },
        ),
      )
    server.once('error', fail)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
