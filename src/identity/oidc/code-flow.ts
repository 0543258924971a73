import {
  type Clock,
  isSesameError,
  type Log,
  printable,
  rememberSecret,
  SesameError,
  t,
  within,
} from '../../kit/index.ts'
import { createPkcePair } from '../pkce.ts'
import type { TokenSet } from '../token-set.ts'
import { authorizationResponseError } from './authorization-response.ts'
import { authorizationUrl, hasScope, type Ties } from './authorization-url.ts'
import { unguessable } from './browser-tie.ts'
import { sendRequest } from './client-request.ts'
import { type LoopbackListener, openLoopbackListener } from './loopback-listener.ts'
import type { OidcProvider } from './provider.ts'
import { readTokenResponse } from './token-response.ts'
import { demandOnBrowser } from './unmet-demand.ts'

export interface CodeFlowOptions {
  clock: Clock
  log: Log
  /** Aborting ends the wait or the request at once; the error is the signal's reason. */
  signal: AbortSignal
  /** Ends the wait for the browser in place of `signal`; once it has come back, its code is redeemed all the same. */
  stop?: AbortSignal | undefined
  /** How long the user has. Default 10 minutes. */
  timeoutMs?: number
  /**
   * Takes the user to the start address, by browser or by showing it: `http://127.0.0.1:<port>/<random>`, which works once and
   * holds nothing that other users of this machine could use. Called once; `deadlineMs` is monotonic.
   */
  onStartUrl: (url: string, deadlineMs: number) => void | Promise<void>
  /** Called when a browser has opened the start address. */
  onBegin?: (() => void) | undefined
  /**
   * Takes a line for the user, once, when the browser has not come back after 30 s or when the wait is interrupted: a provider
   * that does not know the redirect address, the client or a scope shows an error, and never leads the browser back.
   */
  onSilence?: (line: string) => void
}

const defaultTimeoutMs = 600_000
const silentForMs = 30_000

/**
 * Signs in by the browser of this machine: authorization code grant with PKCE S256, state and nonce, answered on a loopback
 * address (RFC 8252 section 7.3, RFC 7636, RFC 9207). The browser begins at a loopback address too, which ties it to this
 * sign-in (RFC 9700 section 4.7). The listener takes one answer and is closed. Errors: ERR_ACCESS_DENIED,
 * ERR_DEVICE_CODE_EXPIRED (not completed in time), ERR_CONFIG (the provider has no such flow), ERR_REFUSED,
 * ERR_TOKEN_INVALID, ERR_RESPONSE_INVALID, network, the signal's reason.
 */
export async function runCodeFlow(
  provider: OidcProvider,
  {
    clock,
    log,
    signal,
    stop = signal,
    timeoutMs = defaultTimeoutMs,
    onStartUrl,
    onBegin,
    onSilence,
  }: CodeFlowOptions,
): Promise<TokenSet> {
  signal.throwIfAborted()
  if (!provider.supports.code) {
    const hint = demandOnBrowser(provider.metadata) ?? t('Sign in with a code instead: --flow device.')
    const message = t('The provider {issuer} offers no sign-in by this browser.', { issuer: provider.issuer })
    throw new SesameError('ERR_CONFIG', message, { hint })
  }
  const state = unguessable()
  const deadlineMs = clock.monotonicMs() + timeoutMs
  const port = provider.client.redirectPort ?? 0
  const listener = await openLoopbackListener({ state, port, timeoutMs, onBegin, clock, log })
  try {
    const { redirectUri } = listener
    const ties = { pkce: createPkcePair(), state, nonce: unguessable(), redirectUri }
    log('sesame:device', `waiting for the browser at ${redirectUri}, ${timeoutMs / 1000} s at most`)
    const url = await authorizationUrl(provider, ties)
    const { origin, pathname } = new URL(url)
    log('sesame:device', `the browser is led to ${origin}${pathname}`)
    const startUrl = listener.startUrlFor(url)
    const show = async () => onStartUrl(startUrl, deadlineMs)
    const late = () => notCompleted(listener, provider)
    const wait = { ms: deadlineMs - clock.monotonicMs(), clock, signal: stop, late }
    const said = sayWhenSilent({ clock, signal: stop, callback: listener.callback }, () =>
      onSilence?.(aboutSilence(listener, provider)),
    )
    const [callback] = await within(wait, Promise.all([listener.callback, show()])).finally(said)
    return await showingOutcome(listener, signal, () => redeemCode(provider, callback, ties, signal))
  } finally {
    listener.close()
  }
}

function notCompleted(listener: LoopbackListener, provider: OidcProvider): never {
  throw new SesameError('ERR_DEVICE_CODE_EXPIRED', t('The sign-in was not completed in time.'), {
    hint: aboutSilence(listener, provider),
  })
}

function aboutSilence(listener: LoopbackListener, { client, supports }: OidcProvider): string {
  if (listener.missedCookie())
    return supports.device
      ? t(
          'The browser came back without the cookie that it was given. Allow cookies of 127.0.0.1, or use --flow device.',
        )
      : t('The browser came back without the cookie that it was given. Allow cookies of 127.0.0.1.')
  const { redirectUri } = listener
  const registered = {
    clientId: printable(client.clientId, 100),
    redirectUri:
      client.redirectPort === undefined
        ? t('{redirectUri} with any port (or set --redirect-port)', { redirectUri })
        : redirectUri,
    scope: printable(client.scope, 200),
  }
  return supports.device
    ? t(
        'If the browser shows an error of the provider: the client {clientId} must be known there, with the redirect URI {redirectUri} and the scope "{scope}", or use --flow device.',
        registered,
      )
    : t(
        'If the browser shows an error of the provider: the client {clientId} must be known there, with the redirect URI {redirectUri} and the scope "{scope}".',
        registered,
      )
}

interface Silence {
  clock: Clock
  signal: AbortSignal
  callback: Promise<URL>
}

/** Calls `say` once: after a while, or when the wait ends by the signal, unless the browser has come back. Returns what ends it. */
function sayWhenSilent({ clock, signal, callback }: Silence, say: () => void): () => void {
  const done = new AbortController()
  const sayNow = () => {
    if (done.signal.aborted) return
    done.abort()
    signal.removeEventListener('abort', sayNow)
    say()
  }
  const end = () => {
    done.abort()
    signal.removeEventListener('abort', sayNow)
  }
  signal.addEventListener('abort', sayNow)
  void callback.then(end)
  clock.sleep(silentForMs, done.signal).then(sayNow, () => undefined)
  return end
}

/** The browser waits for the outcome, so that its page shows what came of it. */
async function showingOutcome(
  listener: LoopbackListener,
  signal: AbortSignal,
  redeem: () => Promise<TokenSet>,
): Promise<TokenSet> {
  try {
    const tokens = await redeem()
    await listener.showOutcome('done', signal)
    return tokens
  } catch (error) {
    if (signal.aborted) throw signal.reason
    await listener.showOutcome(isSesameError(error, 'ERR_ACCESS_DENIED') ? 'denied' : 'failed', signal)
    throw error
  }
}

async function redeemCode(
  provider: OidcProvider,
  callback: URL,
  { pkce, state, nonce }: Ties,
  signal: AbortSignal,
): Promise<TokenSet> {
  rememberSecret(callback.searchParams.get('code') ?? '')
  const nonceExpected = hasScope(provider.client.scope, 'openid')
  const checks = {
    pkceCodeVerifier: pkce.codeVerifier.reveal(),
    expectedState: state,
    ...(nonceExpected && { expectedNonce: nonce }),
  }
  const reply = await sendRequest(provider, { signal }, (openid, configuration) =>
    openid.authorizationCodeGrant(configuration, callback, checks),
  ).catch((error: unknown) => {
    throw authorizationResponseError(error, callback, provider)
  })
  const purpose = { failure: t('The provider refused the sign-in'), grant: 'code' } as const
  return readTokenResponse(provider, reply, purpose, nonceExpected ? { nonce } : {})
}
