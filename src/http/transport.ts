import { setMaxListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SesameError, t } from '../kit/index.ts'
import { decodeBody, type ExchangeOptions, exchange, type RawAnswer } from './dispatch.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { createConnector } from './proxy/connect.ts'
import { nameOfProxy, type ProxyEnvironment, proxyFor } from './proxy/proxy.ts'
import { trustedRoots } from './trust.ts'

export interface TransportOptions {
  proxy: ProxyEnvironment
  caFile: string | undefined
  extraCaFile: string | undefined
  userAgent: string
  connectTimeoutMs: number
}

/** The part of this module that needs sockets, TLS and undici; loaded with the first request. */
export interface Transport {
  /** The proxy that a request to this URL takes, as logs name it. @throws SesameError ERR_PROXY */
  wayTo(url: URL): string | undefined
  /** One request and its answer, with the body decoded. */
  send(request: OutgoingRequest, options: ExchangeOptions): Promise<RawAnswer>
  /** Ends all connections at once, also those that are still being opened. */
  close(): Promise<void>
}

/**
 * How long an idle connection is kept when the server does not say: longer than the polling interval of a device
 * flow (5 s), shorter than what servers usually allow.
 */
const keepAliveMs = 15_000

/**
 * The connection to the first server is being opened while undici is loaded, which takes 10 to 20 ms.
 *
 * @throws SesameError ERR_TLS for an unusable CA file
 */
export async function createTransport(first: URL, options: TransportOptions): Promise<Transport> {
  const secureContext = trustedRoots(options.caFile, options.extraCaFile)
  const closing = new AbortController()
  // Each connection that is being opened listens.
  setMaxListeners(0, closing.signal)
  const choose = (hostname: string, port: number) => proxyFor(hostname, port, options.proxy)
  const connect = createConnector(first, {
    proxyFor: choose,
    secureContext,
    userAgent: options.userAgent,
    connectTimeoutMs: options.connectTimeoutMs,
    closing: closing.signal,
  })
  const { default: Agent } = await import('undici/lib/dispatcher/agent.js')
  const agent = new Agent({ keepAliveTimeout: keepAliveMs, connect })
  return {
    wayTo(url) {
      const proxy = choose(url.hostname, url.port === '' ? 443 : Number(url.port))
      return proxy && nameOfProxy(proxy)
    },
    async send(request, exchangeOptions) {
      const answer = await exchange(agent, request, exchangeOptions)
      // undici frees the connection in the next turn; a request sent before that would open another one.
      await nextTurn()
      return { ...answer, body: await decodeBody(answer, request.url, exchangeOptions.maxBodyBytes) }
    },
    async close() {
      closing.abort(new SesameError('ERR_NETWORK', t('The connection was given up.')))
      await agent.destroy()
    },
  }
}
