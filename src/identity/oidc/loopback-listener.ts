import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../clock.ts'
import { errorCode, SesameError } from '../../errors.ts'
import { type Outcome, pageHeaders, pageOf } from './loopback-page.ts'

/** Waits on this machine for the browser to come back from the provider. */
export interface LoopbackListener {
  /** `http://127.0.0.1:<random port>/callback` (RFC 8252 section 7.3: the literal, not a name that may resolve elsewhere). */
  redirectUri: string
  /** The one answer with the right state; never rejects. */
  callback: Promise<URL>
  /** Leads the waiting browser to a page without the code in its address, and waits until it has it (2 s at most). */
  tell(outcome: Outcome, signal: AbortSignal): Promise<void>
  /** Frees the port and drops every connection at once. */
  close(): void
}

const callbackPath = '/callback'
const pageWithinMs = 2_000

/**
 * Listens on 127.0.0.1 for an answer that carries `state`. Whatever else comes (another state, host, path or method, a
 * second answer) gets a refusal and does not end the wait. `port` 0 is any free one. Errors: ERR_NETWORK when nothing can
 * listen here.
 */
export async function openLoopbackListener(
  state: string,
  port: number,
  clock: Clock,
): Promise<LoopbackListener> {
  const arrived = awaited<URL>()
  const told = awaited<void>()
  let waiting: ServerResponse | undefined
  let ended: Outcome | undefined

  const server = createServer({ maxHeaderSize: 64 * 1024, requestTimeout: 10_000 }, (request, response) => {
    // A browser that goes away while it is answered is nobody's failure.
    response.on('error', () => response.destroy())
    const url = addressOf(request, origin)
    if (url === undefined) return refuse(response, 403)
    if (request.method !== 'GET') return refuse(response, 405)
    if (ended !== undefined && url.pathname === `/${ended}`) {
      response.once('close', told.resolve)
      return send(response, 200, pageOf(ended))
    }
    if (url.pathname !== callbackPath) return refuse(response, 404)
    if (waiting !== undefined) return refuse(response, 409)
    const [sent, ...more] = url.searchParams.getAll('state')
    if (sent !== state || more.length > 0) return send(response, 400, pageOf('foreign'))
    waiting = response
    response.once('close', () => {
      if (!response.writableFinished) told.resolve()
    })
    arrived.resolve(url)
  })
  const origin = await listen(server, port)

  return {
    redirectUri: `${origin}${callbackPath}`,
    callback: arrived.promise,
    async tell(outcome, signal) {
      if (waiting === undefined) return
      ended = outcome
      waiting.writeHead(303, { ...pageHeaders, location: `/${outcome}`, 'content-length': 0 }).end()
      const served = new AbortController()
      const enough = clock.sleep(pageWithinMs, AbortSignal.any([signal, served.signal]))
      await Promise.race([told.promise, enough])
      served.abort()
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  }).catch((cause: unknown) => {
    const where = port === 0 ? '127.0.0.1 here' : `port ${port} of 127.0.0.1 (${errorCode(cause)})`
    throw new SesameError('ERR_NETWORK', `Nothing can wait for the browser on ${where}.`, {
      hint: 'Sign in with a code instead: --flow device.',
      cause,
    })
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The whole address, if it was meant for us: a page of another name that resolves to 127.0.0.1 (rebinding) is not. */
function addressOf(request: IncomingMessage, origin: string): URL | undefined {
  const target = request.url ?? ''
  if (request.headers.host !== new URL(origin).host || !URL.canParse(target, origin)) return undefined
  const url = new URL(target, origin)
  return url.origin === origin ? url : undefined
}

function refuse(response: ServerResponse, status: 403 | 404 | 405 | 409): void {
  if (status === 405) response.setHeader('allow', 'GET')
  send(response, status, '')
}

function send(response: ServerResponse, status: number, page: string): void {
  response
    .writeHead(status, { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', connection: 'close' })
    .end(page)
}

/** A promise that somebody else resolves. */
function awaited<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
