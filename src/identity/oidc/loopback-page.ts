import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FixedText, parseUrl, shownLanguage, t } from '../../kit/index.ts'
import { headerPairs, onlyHost } from '../../loopback/index.ts'

/** How the sign-in went, as the browser shows it; each is the path of its page. */
export type Outcome = 'done' | 'denied' | 'failed'

/** The other pages are what requests get that are not the answer waited for. */
export type PageKind = Outcome | 'foreign' | 'used' | 'no-cookie' | 'other-user' | 'leaving' | 'spent'

interface Words {
  mark: string
  title: FixedText
  text: FixedText
}

const words: Record<PageKind, Words> = {
  done: {
    mark: '✓',
    title: 'You are signed in',
    text: 'You can close this window and go back to the terminal.',
  },
  denied: {
    mark: '✕',
    title: 'Sign-in denied',
    text: 'Nothing was handed out. You can close this window; the terminal says how to try again.',
  },
  failed: {
    mark: '!',
    title: 'Sign-in failed',
    text: 'You can close this window and go back to the terminal, which says why.',
  },
  foreign: {
    mark: '?',
    title: 'Not the sign-in that is waited for',
    text: 'This answer belongs to another sign-in, and nothing was done with it. Use the page that sesame opened last.',
  },
  used: {
    mark: '?',
    title: 'This address was used already',
    text: 'It works once. If the sign-in is open in another window, go on there. Otherwise run the login in the terminal again; with --no-browser the browser is yours to choose.',
  },
  'no-cookie': {
    mark: '!',
    title: 'Your browser sent no cookie',
    text: 'A cookie of 127.0.0.1 ties a sign-in to the browser that began it, and this browser did not send it; nothing was done with its answer. Allow that cookie, then run the login in the terminal again, or use sesame login --flow device.',
  },
  leaving: {
    mark: '→',
    title: 'Signing out',
    text: 'The provider is asked to end your session. If nothing happens:',
  },
  spent: {
    mark: '?',
    title: 'This address was used already',
    text: 'It works once. If the provider still knows you, sign out on its own page.',
  },
  'other-user': {
    mark: '✕',
    title: 'Sign-in of another user',
    text: 'Only programs of the user who runs sesame are answered here. Use a browser of that user, or sign in with sesame login --flow device.',
  },
}

const style = `
:root { color-scheme: light dark; font: 17px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; background: #f5f6f8; color: #1d2129; }
main { max-width: 26rem; margin: 1rem; padding: 2.5rem; border-radius: 12px; background: #fff; text-align: center;
  box-shadow: 0 1px 3px #0002, 0 8px 28px #0001; }
p { margin: .5rem 0 0; text-wrap: balance; }
h1 { margin: 0; font-size: 1.4rem; line-height: 1.3; }
.mark { display: grid; width: 3.5rem; height: 3.5rem; margin: 0 auto 1.25rem; place-items: center; border-radius: 50%;
  background: #a34312; color: #fff; font-size: 1.7rem; line-height: 1; }
.mark.done { background: #1f7a4d; }
form { margin: 1.25rem 0 0; }
footer { margin-top: 1.75rem; color: #5c6370; font-size: .8rem; }
@media (prefers-color-scheme: dark) {
  body { background: #16181d; color: #e6e8ec; }
  main { background: #21242b; box-shadow: none; }
  footer { color: #a0a6b1; }
}
`

/**
 * No scripts and forms but those that are named, no frames, nothing from elsewhere, nothing kept, and no word of this address to any
 * other server.
 */
export function pageHeaders(directives: Record<string, string> = {}): Record<string, string> {
  const policy = {
    'default-src': "'none'",
    'img-src': 'data:',
    'style-src': `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    ...directives,
  }
  return {
    'cache-control': 'no-store',
    'content-security-policy': Object.entries(policy)
      .map((directive) => directive.join(' '))
      .join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

/** RFC 9110 section 15.4.4: whatever the request was, the next one is a GET. */
export function redirect(response: ServerResponse, location: string, headers: Record<string, string>): void {
  response.writeHead(303, { ...pageHeaders(), ...headers, location, 'content-length': 0 }).end()
}

/** Without a page: no user is shown this. */
export function refuse(response: ServerResponse, status: 400 | 403 | 404 | 405 | 409 | 410 | 503): void {
  const allow = status === 405 ? { allow: 'GET' } : {}
  response.writeHead(status, { ...pageHeaders(), ...allow, connection: 'close', 'content-length': 0 }).end()
}

/** With a page, and nothing more on this connection. */
export function send(response: ServerResponse, status: number, kind: PageKind): void {
  response
    .writeHead(status, {
      ...pageHeaders(),
      'content-type': 'text/html; charset=utf-8',
      connection: 'close',
    })
    .end(pageWith(kind))
}

/** A whole page of fixed words: nothing of the request or of the provider is in it. `content` is HTML below the words. */
export function pageWith(kind: PageKind, content = ''): string {
  const { mark, title, text } = words[kind]
  return `<!doctype html>
<html lang="${shownLanguage()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t(title)} · sesame</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<div class="mark ${kind}" aria-hidden="true">${mark}</div>
<h1>${t(title)}</h1>
<p>${t(text)}</p>${content}
<footer>sesame</footer>
</main>
</body>
</html>
`
}

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
  const url = parseUrl(target, origin)
  if (host !== new URL(origin).host || url?.origin !== origin) return { kind: 'refused', status: 403 }
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
