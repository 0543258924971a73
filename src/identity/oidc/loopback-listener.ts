import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, type Log, within } from '../../kit/index.ts'
import { createBrowserTie, isSameText } from './browser-tie.ts'
import { isNavigation, type Outcome, redirect, refuse, send } from './loopback-page.ts'
import { openLoopbackServer } from './loopback-server.ts'

export interface LoopbackListenerOptions {
  /** `state` that the response must have. */
  state: string
  /** 0 is any free one. */
  port: number
  /** How long the browser keeps its cookie. */
  timeoutMs: number
  /** Called when a browser has opened the start address. */
  onBegin?: (() => void) | undefined
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

  const server = await openLoopbackServer(port, log, answer)
  const { origin } = server

  function answer(url: URL, request: IncomingMessage, response: ServerResponse) {
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
    options.onBegin?.()
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
    close: () => server.close(),
  }
}

/** A promise that something else resolves. */
function awaited<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
