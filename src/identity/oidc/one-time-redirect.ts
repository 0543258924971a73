import type { IncomingMessage } from 'node:http'
import { type Clock, type Log, within } from '../../kit/index.ts'
import { isSameText, unguessable } from './browser-tie.ts'
import { isNavigation, pageHeaders, refuse } from './loopback-page.ts'
import { openLoopbackServer } from './loopback-server.ts'

/** Leads a browser of this machine to an address that must not stand in its command line. */
export interface OneTimeRedirect {
  /** `http://127.0.0.1:<port>/<random>`, which from now on redirects the first browser that opens it to `target`. */
  urlTo(target: string): string
  /** Whether a browser was redirected within this time. Rejects with the signal's reason. */
  followed(ms: number, signal: AbortSignal): Promise<boolean>
  /** Frees the port and drops every connection at once. */
  close(): void
}

/**
 * Listens on 127.0.0.1, for processes of this user and of root only where the system reports users. Other paths, hosts and methods,
 * frames and prefetches get a refusal and use nothing up. Errors: ERR_NETWORK when nothing can listen here.
 */
export async function openOneTimeRedirect({
  clock,
  log,
}: {
  clock: Clock
  log: Log
}): Promise<OneTimeRedirect> {
  const path = `/${unguessable()}`
  let target: string | undefined
  let isUsed = false
  let onFollowed = () => {}
  const followed = new Promise<boolean>((resolve) => {
    onFollowed = () => resolve(true)
  })
  const server = await openLoopbackServer(0, log, (url, request, response) => {
    if (target === undefined || url.search !== '' || !isSameText(url.pathname, path))
      return refuse(response, 404)
    if (!isOpenedByUser(request)) return refuse(response, 403)
    if (isUsed) return refuse(response, 410)
    isUsed = true
    log('sesame:device', 'browser: the address was opened')
    response.once('close', onFollowed)
    response
      .writeHead(302, { ...pageHeaders(), location: target, connection: 'close', 'content-length': 0 })
      .end()
  })
  return {
    urlTo(address) {
      target = address
      return `${server.origin}${path}`
    },
    followed: (ms, signal) => within({ ms, clock, signal, late: () => false }, followed),
    close: server.close,
  }
}

/** Browsers name the destination of every request; what names none is another program that the user has given the address. */
function isOpenedByUser(request: IncomingMessage): boolean {
  return request.headers['sec-fetch-dest'] === undefined || isNavigation(request)
}
