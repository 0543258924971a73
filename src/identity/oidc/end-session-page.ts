import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { type Clock, type Log, type Secret, t, within } from '../../kit/index.ts'
import { isSameText, unguessable } from './browser-tie.ts'
import { isNavigation, pageHeaders, pageWith, refuse, send } from './loopback-page.ts'
import { openLoopbackServer } from './loopback-server.ts'

export interface EndSessionPageOptions {
  /** Where the session ends, as `endSessionUrl` gives it. */
  address: string
  /** The ID token of the sign-in, also one that has expired: it says whose session is meant (RP-Initiated Logout 1.0 section 2). */
  idToken: Secret
  clock: Clock
  log: Log
}

/** A page of this machine that posts the ID token to the provider, since it must not stand in an address. */
export interface EndSessionPage {
  /** `http://127.0.0.1:<port>/<random>`, which works once. */
  url: string
  /** Whether the browser has fetched the page within this time. Rejects with the signal's reason. */
  fetched(ms: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

/**
 * Opens the page for the browser that is about to be led there: many providers end a session without asking only for an ID token
 * of it, and without one some end nothing. Only processes of this user get it, where the system reports users, and but one of
 * them. Errors: ERR_NETWORK when nothing can listen here.
 */
export async function openEndSessionPage(options: EndSessionPageOptions): Promise<EndSessionPage> {
  const { address, idToken, clock, log } = options
  const path = `/${unguessable()}`
  let given: ServerResponse | undefined
  let onFetched = () => {}
  const fetched = new Promise<boolean>((resolve) => {
    onFetched = () => resolve(true)
  })
  const server = await openLoopbackServer(0, log, (url, request, response) => {
    if (!isSameText(url.pathname, path)) return refuse(response, 404)
    if (!isNavigation(request)) return refuse(response, 403)
    if (given !== undefined) return send(response, 410, 'spent')
    given = response
    response.once('close', onFetched)
    sendForm(response, address, idToken)
  })
  return {
    url: `${server.origin}${path}`,
    fetched: (ms, signal) => within({ ms, clock, signal, late: () => false }, fetched),
    close: server.close,
  }
}

/** The button is for browsers without scripts. */
const script = 'document.forms[0].submit()'
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64')

function sendForm(response: ServerResponse, address: string, idToken: Secret): void {
  const action = new URL(address)
  const fields = { client_id: action.searchParams.get('client_id') ?? '', id_token_hint: idToken.reveal() }
  action.searchParams.delete('client_id')
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  )
  const form = `<form method="post" action="${escapeHtml(action.href)}">${inputs.join('')}<button>${t('Sign out')}</button></form>
<script>${script}</script>`
  // Chromium holds the redirects that follow a form to the same rule.
  const formTargets = action.protocol === 'https:' ? 'https:' : `https: ${action.origin}`
  response
    .writeHead(200, {
      ...pageHeaders({ 'script-src': `'sha256-${hashOf(script)}'`, 'form-action': formTargets }),
      'content-type': 'text/html; charset=utf-8',
      connection: 'close',
    })
    .end(pageWith('leaving', form))
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
