import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorCode, type FixedText, type Log, SesameError, t } from '../../kit/index.ts'
import { guardConnections, loopbackTimeouts } from '../../loopback/index.ts'
import { readLoopbackRequest, refuse, send } from './loopback-page.ts'

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>` (RFC 8252 section 7.3: the literal, not a name that may resolve elsewhere). */
  origin: string
  /** Frees the port and drops every connection at once. */
  close(): void
}

/** Answers a request that is a plain GET for this server, of this user or of root where the system reports users. */
type Answer = (url: URL, request: IncomingMessage, response: ServerResponse) => void

/**
 * Serves the browser of this machine on 127.0.0.1; port 0 is any free one. Whatever is no request of it gets a refusal.
 * Errors: ERR_NETWORK when nothing can listen here.
 */
export async function openLoopbackServer(port: number, log: Log, answer: Answer): Promise<LoopbackServer> {
  // Cookies of other programs on 127.0.0.1 come along, and codes can be long.
  const server = createServer(
    { ...loopbackTimeouts, maxHeaderSize: 64 * 1024 },
    async (request, response) => {
      // A browser that goes away while it is answered is no failure.
      response.on('error', () => response.destroy())
      const own = await connections.isOwn(request.socket)
      if (request.socket.destroyed) return
      if (!own) {
        log('sesame:device', 'browser: a process of another user was refused')
        return send(response, 403, 'other-user')
      }
      const read = readLoopbackRequest(request, origin)
      if (read.kind === 'refused') return refuse(response, read.status)
      answer(read.url, request, response)
    },
  )
  const connections = guardConnections(server)
  const origin = await listen(server, port)
  server.on('error', (error) => log('sesame:device', `browser: ${errorCode(error) ?? error.message}`))
  return {
    origin,
    close() {
      server.close()
      connections.destroyAll()
    },
  }
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  }).catch((cause: unknown) => {
    throw cannotListen(port, cause)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A port of one's own choosing may be in use, by another login above all, or kept for the administrator. */
const portProblems: Partial<Record<string, FixedText>> = {
  EADDRINUSE:
    'Another program, or another login, uses the port of --redirect-port. Wait until it has ended, or use --flow device.',
  EACCES: 'This user may not use the port of --redirect-port. Choose one above 1023, or use --flow device.',
}

function cannotListen(port: number, cause: unknown): SesameError {
  const code = errorCode(cause)
  const address = port === 0 ? '127.0.0.1' : `127.0.0.1:${port}`
  const message =
    code === undefined
      ? t('Cannot listen on {address} for the browser redirect.', { address })
      : t('Cannot listen on {address} for the browser redirect ({code}).', { address, code })
  const known = port === 0 ? undefined : portProblems[code ?? '']
  return new SesameError('ERR_NETWORK', message, {
    hint: t(known ?? 'Sign in with a code instead: --flow device.'),
    cause,
  })
}
