import type { IncomingMessage } from 'node:http'
import { headerPairs, onlyHost } from '../../loopback/index.ts'

/** Why a request is refused before its path is looked at, as HTTP status; else its whole address. */
export type LoopbackRequest =
  | { kind: 'refused'; status: 400 | 403 | 405 | 503 }
  | { kind: 'accepted'; url: URL }

/**
 * Reads a request to the listener at `origin`. Only a plain GET for this very address counts: a page of another name that
 * resolves to 127.0.0.1 (DNS rebinding) has another Host, and what browsers fetch before the user follows a link must not use anything up.
 */
export function readLoopbackRequest(
  { method, url: target = '', rawHeaders }: IncomingMessage,
  origin: string,
): LoopbackRequest {
  const host = onlyHost(rawHeaders)
  if (host === undefined) return { kind: 'refused', status: 400 }
  if (host !== new URL(origin).host || !URL.canParse(target, origin)) return { kind: 'refused', status: 403 }
  const url = new URL(target, origin)
  if (url.origin !== origin) return { kind: 'refused', status: 403 }
  if (method !== 'GET') return { kind: 'refused', status: 405 }
  if (isFetchedAhead(rawHeaders)) return { kind: 'refused', status: 503 }
  return { kind: 'accepted', url }
}

/** Whether the user goes there, as far as the browser says: not an image, a frame or a script of a page. */
export function isNavigation({ headers }: IncomingMessage): boolean {
  const { 'sec-fetch-mode': mode = 'navigate', 'sec-fetch-dest': destination = 'document' } = headers
  return mode === 'navigate' && destination === 'document'
}

/** Prefetches, prerenderings and previews, by the names that Chromium, Firefox and Safari give them. */
function isFetchedAhead(rawHeaders: readonly string[]): boolean {
  return headerPairs(rawHeaders).some(
    ([name, value]) =>
      /^(?:sec-purpose|purpose|x-purpose|x-moz)$/.test(name) && /prefetch|prerender|preview/i.test(value),
  )
}
