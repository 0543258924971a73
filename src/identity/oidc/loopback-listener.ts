import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, errorCode, type Log, SesameError, within } from '../../kit/index.ts'
import { guardConnections, loopbackTimeouts } from '../../loopback/index.ts'
import { createBrowserTie, isSameText } from './browser-tie.ts'
import { isNavigation, type Outcome, readLoopbackRequest, redirect, refuse, send } from './loopback-page.ts'

export interface LoopbackListenerOptions {
  /** `state` that the response must have. */
  state: string
  /** 0 is any free one. */
  port: number
  /** How long the browser keeps its cookie. */
  timeoutMs: number
  clock: Clock
  log: Log
}

/** Redirects the browser of this machine to the provider, and waits for it to come back. */
export interface LoopbackListener {
  /** `http://127.0.0.1:<port>/callback` (RFC 8252 section 7.3: the literal, not a name that may resolve elsewhere). */
  redirectUri: string
  /**
   * The start address, `http://127.0.0.1:<port>/<random>`, which from now on redirects the first browser that opens it to
   * `authorizationUrl`, with a cookie that its answer must have.
   */
  startUrlFor(authorizationUrl: string): string
  /** The one answer with the right state, of the browser that was redirected; never rejects. */
  callback: Promise<URL>
  /** Whether an answer with the right state had to be refused because it had no cookie. */
  missedCookie(): boolean
  /** Redirects the waiting browser to a page without the code in its address, and waits until it has it (2 s at most). */
  showOutcome(outcome: Outcome, signal: AbortSignal): Promise<void>
  /** Frees the port and drops every connection at once. */
  close(): void
}

const callbackPath = '/callback'
const pageWithinMs = 2_000

/**
 * Listens on 127.0.0.1, for processes of this user and of root only where the system reports users. Whatever else comes
 * (another user, state, host, path or method, no cookie, a second answer) gets a refusal and does not end the wait. Errors:
 * ERR_NETWORK when nothing can listen here.
 */
export async function openLoopbackListener(options: LoopbackListenerOptions): Promise<LoopbackListener> {
  const { state, port, timeoutMs, clock, log } = options
  const arrived = awaited<URL>()
  const served = awaited<void>()
  const tie = createBrowserTie(callbackPath, timeoutMs / 1000)
  let authorizationUrl: string | undefined
  let started = false
  let missedCookie = false
  let waiting: ServerResponse | undefined
  let ended: Outcome | undefined

  // Cookies of other programs on 127.0.0.1 come along, and codes can be long.
  const server = createServer(
    { ...loopbackTimeouts, maxHeaderSize: 64 * 1024 },
    async (request, response) => {
      // A browser that goes away while it is answered is no failure.
      response.on('error', () => response.destroy())
      const own = await connections.isOwn(request.socket)
      if (request.socket.destroyed) return
      if (own) return answer(request, response)
      log('sesame:device', 'browser: a process of another user was refused')
      send(response, 403, 'other-user')
    },
  )
  const connections = guardConnections(server)
  const origin = await listen(server, port)
  server.on('error', (error) => log('sesame:device', `browser: ${errorCode(error) ?? error.message}`))

  function answer(request: IncomingMessage, response: ServerResponse) {
    const read = readLoopbackRequest(request, origin)
    if (read.kind === 'refused') return refuse(response, read.status)
    const { url } = read
    if (tie.isStart(url.pathname)) return start(request, response)
    if (ended !== undefined && url.pathname === `/${ended}`) {
      response.once('close', served.resolve)
      return send(response, 200, ended)
    }
    if (url.pathname !== callbackPath) return refuse(response, 404)
    if (waiting !== undefined) return refuse(response, 409)
    const [sent = '', ...more] = url.searchParams.getAll('state')
    if (!isSameText(sent, state) || more.length > 0) return send(response, 400, 'foreign')
    if (!tie.isHeldBy(request.headers.cookie)) {
      log('sesame:device', 'browser: an answer without the cookie was refused')
      missedCookie = true
      return send(response, 400, 'no-cookie')
    }
    waiting = response
    response.once('close', () => {
      if (!response.writableFinished) served.resolve()
    })
    arrived.resolve(url)
  }

  function start(request: IncomingMessage, response: ServerResponse) {
    if (authorizationUrl === undefined) return refuse(response, 404)
    if (!isNavigation(request)) return refuse(response, 403)
    if (started) return send(response, 410, 'used')
    started = true
    log('sesame:device', 'browser: the start address was opened')
    redirect(response, authorizationUrl, { 'set-cookie': tie.setCookie, connection: 'close' })
  }

  return {
    redirectUri: `${origin}${callbackPath}`,
    startUrlFor(url) {
      authorizationUrl = url
      return `${origin}${tie.startPath}`
    },
    callback: arrived.promise,
    missedCookie: () => missedCookie,
    async showOutcome(outcome, signal) {
      if (waiting === undefined) return
      ended = outcome
      redirect(waiting, `/${outcome}`, { 'set-cookie': tie.clearCookie })
      await within({ ms: pageWithinMs, clock, signal, late: () => undefined }, served.promise)
    },
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
const portProblems: Partial<Record<string, string>> = {
  EADDRINUSE:
    'Another program, or another login, uses the port of --redirect-port. Wait until it has ended, or use --flow device.',
  EACCES: 'This user may not use the port of --redirect-port. Choose one above 1023, or use --flow device.',
}

function cannotListen(port: number, cause: unknown): SesameError {
  const code = errorCode(cause)
  const where = port === 0 ? '127.0.0.1' : `127.0.0.1:${port}`
  const reason = code === undefined ? '' : ` (${code})`
  const known = port === 0 ? undefined : portProblems[code ?? '']
  return new SesameError('ERR_NETWORK', `Cannot listen on ${where} for the browser redirect${reason}.`, {
    hint: known ?? 'Sign in with a code instead: --flow device.',
    cause,
  })
}

/** A promise that something else resolves. */
function awaited<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
