import { connect, isIPv4, isIPv6, type Socket } from 'node:net'

/** How a proxy misbehaves. */
export type ProxyFault =
  /** 407, or no acceptable method with SOCKS, whatever was sent. */
  | 'auth-required'
  /** Takes the connection and never says a word. */
  | 'dead'
  /** Closes the connection at once. */
  | 'refuse'
  /** Answers 200 with an HTML page, as captive portals do, and tunnels nothing. */
  | 'html'
  /** Tunnels, and closes both ends when the first bytes come back. */
  | 'close-mid-tunnel'

export interface ProxyOptions {
  /** What clients must present; without it none is asked for. */
  auth?: { user: string; password: string }
  /**
   * Where names lead, `host:port` to `127.0.0.1:port`, so that real-looking hosts can be used.
   * Anything else must be a loopback address: the mock opens no other connection.
   */
  hosts?: Record<string, string>
  fault?: ProxyFault
  port?: number
  /** HTTP only: the challenges of a 407, one field each, such as `['Negotiate', 'NTLM']`. Basic unless said. */
  challenges?: readonly string[]
}

/** One use of the proxy. */
export interface Tunnel {
  kind: 'connect' | 'absolute-form' | 'socks5'
  /** `host:port`, the host as the client named it. */
  target: string
  /** The client's name for the host: a name means that the proxy resolves it. */
  addressType: 'name' | 'ipv4' | 'ipv6'
  /** `user:password` as presented, if any. */
  presented?: string
  outcome: 'open' | 'refused' | 'auth-failed'
  atMs: number
}

export interface MockProxy {
  /** `http://127.0.0.1:<port>` or `socks5://127.0.0.1:<port>`. */
  url: string
  /** The same with the credentials in it, percent-encoded. */
  urlWithAuth: string
  port: number
  tunnels: Tunnel[]
  /** TCP connections accepted so far. */
  readonly connections: number
  /** Undefined for none; may be changed while the proxy runs. */
  fault: ProxyFault | undefined
  /** After this the address refuses connections. */
  close(): Promise<void>
}

export const htmlPage =
  '<!doctype html><title>Hotel network</title><h1>Please sign in to use this network</h1>'

export function addressTypeOf(host: string): Tunnel['addressType'] {
  const bare = host.replace(/^\[|\]$/g, '')
  return isIPv4(bare) ? 'ipv4' : isIPv6(bare) ? 'ipv6' : 'name'
}

/** The loopback address that a target leads to, or undefined for one that the mock refuses. */
export function reachable(
  target: string,
  hosts: Record<string, string> = {},
): { host: string; port: number } | undefined {
  const address = Object.hasOwn(hosts, target) ? hosts[target] : target
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(address ?? '') ?? []
  const bare = host.replace(/^\[|\]$/g, '')
  if (bare === 'localhost') return { host: '127.0.0.1', port: Number(port) }
  const isLoopback = (isIPv4(bare) && bare.startsWith('127.')) || bare === '::1'
  return isLoopback ? { host: bare, port: Number(port) } : undefined
}

/** Joins a client to an open upstream socket until either ends. */
export function joinSockets(client: Socket, upstream: Socket, fault: ProxyFault | undefined): void {
  if (fault === 'close-mid-tunnel') {
    client.pipe(upstream)
    upstream.once('data', () => {
      client.destroy()
      upstream.destroy()
    })
  } else {
    client.pipe(upstream).pipe(client)
  }
  client.on('close', () => upstream.destroy())
  upstream.on('close', () => client.destroy())
}

/** Connects, or gives the errno-like code of the failure. */
export function openUpstream(to: { host: string; port: number }): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect(to.port, to.host)
    socket.once('connect', () => resolve(socket))
    // Later errors only end the tunnel, which `close` does anyway.
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'))
  })
}
