import net from 'node:net'
import type { SecureContext } from 'node:tls'
import type { buildConnector } from 'undici'
import { errorCode, SesameError, t, withDeadline } from '../../kit/index.ts'
import { causeInWords, connectionHint, handshakeFailure, networkFailure } from '../connection-failure.ts'
import { openHttpTunnel } from './http-tunnel.ts'
import { nameOfProxy, type ProxyServer } from './proxy.ts'
import { openSocks5Tunnel } from './socks5-tunnel.ts'

export interface ConnectorOptions {
  /** May throw: the error then fails the request. */
  proxyFor: (hostname: string, port: number) => ProxyServer | undefined
  /** What is trusted; slow when it is first asked for. */
  secureContext: () => SecureContext
  userAgent: string
  connectTimeoutMs: number
  /** Aborted, with a SesameError, when nothing is to be connected any more. */
  closing: AbortSignal
}

interface Target {
  /** Without brackets and trailing dot. */
  hostname: string
  port: number
  secure: boolean
}

/**
 * How undici's agent opens connections here: directly, or through the proxy of the target, with TLS inside. Every
 * failure is a SesameError that names the one who failed: the host, the proxy with its variable, or the certificate.
 * The one to `first` is being opened before it is asked for.
 */
export function createConnector(first: URL, options: ConnectorOptions): buildConnector.connector {
  const early = new Map([[keyOf(targetOf(first)), connectWithin(targetOf(first), options)]])
  // A failure is that of the request which asks for it, which may be later.
  void Promise.allSettled(early.values())
  return (asked, callback) => {
    const target = targetOf(asked)
    const opening = early.get(keyOf(target)) ?? connectWithin(target, options)
    early.delete(keyOf(target))
    opening.then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error, null),
    )
  }
}

function targetOf({ hostname, protocol, port }: Pick<URL, 'hostname' | 'protocol' | 'port'>): Target {
  const secure = protocol === 'https:'
  return {
    hostname: hostname.replace(/^\[|\]$|\.$/g, ''),
    port: port ? Number(port) : secure ? 443 : 80,
    secure,
  }
}

function keyOf({ hostname, port, secure }: Target): string {
  return `${secure} ${hostname} ${port}`
}

/** Everything until the connection can carry a request, within one time limit; the loser's sockets are destroyed. */
async function connectWithin(target: Target, options: ConnectorOptions): Promise<net.Socket> {
  const { connectTimeoutMs, closing } = options
  const late = () => timeout(target, options)
  return withDeadline({ ms: connectTimeoutMs, signal: closing, late }, (signal) =>
    connect(target, options, signal),
  )
}

async function connect(target: Target, options: ConnectorOptions, signal: AbortSignal): Promise<net.Socket> {
  const proxy = options.proxyFor(target.hostname, target.port)
  const socket = proxy
    ? await openTunnel(proxy, target, options, signal)
    : await openTcp(
        target.hostname,
        target.port,
        signal,
        target.secure ? options.secureContext : undefined,
      ).catch((error: unknown) => {
        throw networkFailure(error, target.hostname)
      })
  if (!target.secure) return socket
  const peer = proxy
    ? t('{host} through proxy {proxy}', { host: target.hostname, proxy: nameOfProxy(proxy) })
    : target.hostname
  return await secure(socket, { host: target.hostname, peer }, options, signal)
}

async function openTunnel(
  proxy: ProxyServer,
  target: Target,
  options: ConnectorOptions,
  signal: AbortSignal,
): Promise<net.Socket> {
  const plain = await openTcp(proxy.host, proxy.port, signal).catch((error: unknown) => {
    throw unreachable(proxy, error)
  })
  const ends = { host: proxy.host, peer: t('proxy {proxy}', { proxy: nameOfProxy(proxy) }) }
  const socket = proxy.kind === 'https' ? await secure(plain, ends, options, signal) : plain
  try {
    if (proxy.kind === 'socks5') await openSocks5Tunnel(socket, proxy, target)
    else await openHttpTunnel(socket, proxy, authority(target), options.userAgent)
    return socket
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw signal.reason
    throw error instanceof SesameError ? error : broken(proxy, error)
  }
}

/** `meanwhile` is done while the other side takes its time to accept. */
function openTcp(
  host: string,
  port: number,
  signal: AbortSignal,
  meanwhile?: () => void,
): Promise<net.Socket> {
  // Node gives each of several addresses 250 ms by default, which is too short for a slow line.
  const socket = net.connect({ host, port, noDelay: true, autoSelectFamilyAttemptTimeout: 1000 })
  if (meanwhile) socket.once('connectionAttempt', () => setImmediate(meanwhile))
  return established(socket, 'connect', signal)
}

/** TLS over a connection; `host` is who the certificate must be of, `peer` what errors call it. */
function secure(
  socket: net.Socket,
  { host, peer }: { host: string; peer: string },
  options: ConnectorOptions,
  signal: AbortSignal,
): Promise<net.Socket> {
  // From here on the TLS socket reports what happens to the one below it.
  socket.on('error', ignoreLateError)
  const secured = process.getBuiltinModule('node:tls').connect({
    socket,
    host,
    ...(net.isIP(host) === 0 && { servername: host }),
    secureContext: options.secureContext(),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  })
  return established(secured, 'secureConnect', signal).catch((error: unknown) => {
    socket.destroy()
    throw handshakeFailure(error, peer)
  })
}

/** The socket once it stands. From then on its errors are the next listener's. */
function established<S extends net.Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      socket.off(event, ready).off('error', fail).off('close', closed)
      signal.removeEventListener('abort', abort)
      finish()
    }
    const ready = () =>
      settle(() => {
        signal.addEventListener('abort', () => socket.destroy(), { once: true })
        resolve(socket)
      })
    const fail = (error: unknown) =>
      settle(() => {
        socket.on('error', ignoreLateError).destroy()
        reject(error)
      })
    const closed = () => fail(Object.assign(new Error('connection closed'), { code: 'ECONNRESET' }))
    const abort = () => fail(signal.reason)
    socket.once(event, ready).once('error', fail).once('close', closed)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}

/** A socket that is being destroyed may still report why; the first reason has been reported. */
function ignoreLateError(): void {}

function authority({ hostname, port }: Target): string {
  return net.isIP(hostname) === 6 ? `[${hostname}]:${port}` : `${hostname}:${port}`
}

function unreachable(proxy: ProxyServer, error: unknown): SesameError {
  if (error instanceof SesameError) return error
  return new SesameError(
    'ERR_PROXY',
    t('Cannot reach the proxy {proxy}: {reason}.', {
      proxy: nameOfProxy(proxy),
      reason: causeInWords(error),
    }),
    {
      hint: t('Check {variable}, or unset it to connect directly.', { variable: proxy.variable }),
      cause: error,
    },
  )
}

function broken(proxy: ProxyServer, error: unknown): SesameError {
  const reason =
    errorCode(error) === 'ECONNRESET'
      ? t('it closed the connection while the way was being opened')
      : causeInWords(error)
  return new SesameError(
    'ERR_PROXY',
    t('The proxy {proxy} cannot be used: {reason}.', { proxy: nameOfProxy(proxy), reason }),
    {
      hint: t('Check {variable}.', { variable: proxy.variable }),
      cause: error,
    },
  )
}

function timeout(target: Target, options: ConnectorOptions): SesameError {
  const proxy = options.proxyFor(target.hostname, target.port)
  const host = proxy
    ? t('{host} through proxy {proxy}', { host: target.hostname, proxy: nameOfProxy(proxy) })
    : target.hostname
  return new SesameError(
    'ERR_TIMEOUT',
    t('No connection to {host} within {seconds} s.', { host, seconds: options.connectTimeoutMs / 1000 }),
    { hint: t(connectionHint) },
  )
}
