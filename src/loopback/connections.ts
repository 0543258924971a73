import type { Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { createPeerLookup, isOwnPeer, type PeerLookup } from './peer.ts'

/** Clients send their headers in one packet; a request that takes longer is none of theirs. */
export const loopbackTimeouts: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  // Set here so that NODE_OPTIONS cannot set it otherwise.
  insecureHTTPParser: false,
}

export interface LoopbackConnections {
  /**
   * Whether the connection comes from a process of this user or of root, or the system does not report whose it is. To be
   * awaited before a request on it is looked at; a request of another user is to be refused. Never rejects.
   */
  isOwn(socket: Socket): Promise<boolean>
  destroyAll(): void
}

/** More than clients need, and less than a process may have open files where that is few (256 on some systems). */
const mostConnections = 128
/** Enough for a word of refusal to each. */
const mostForeign = 16

const loopback = /^(?:::ffff:)?127\./

/** Which connections a server takes, and whose they are. */
export interface Access extends PeerLookup {
  isFromHere(socket: Socket): boolean
}

/** On a TCP port every program of this machine can connect: it is looked up whose process it is. */
export function tcpAccess(peers: PeerLookup = createPeerLookup()): Access {
  return { ...peers, isFromHere: ({ remoteAddress = '' }) => loopback.test(remoteAddress) }
}

/** On a Unix socket the system has looked at the mode of its file before it connected the two. */
export const socketAccess: Access = {
  peerOf: async () => ({ kind: 'unknown' }),
  isFromHere: () => true,
}

/**
 * Bounds the connections of a server and finds out whose they are. The newest is always let in and the oldest idle one (half
 * sent requests among them) goes for it, so that no client can lock the others out by holding connections open. Those of other
 * users have a small bound of their own. Connections that do not come from this machine are dropped: routing tricks can lead
 * them to a loopback address.
 */
export function guardConnections(server: Server, access: Access = tcpAccess()): LoopbackConnections {
  const idle = new Set<Socket>()
  const busy = new Set<Socket>()
  const foreign = new Set<Socket>()
  const verdicts = new WeakMap<Socket, Promise<boolean>>()
  // A header beyond Node's count would be dropped unseen, a second Host among them; their size is limited anyway.
  server.maxHeadersCount = 0

  async function findOut(socket: Socket): Promise<boolean> {
    const own = isOwnPeer(await access.peerOf(socket))
    if (own || socket.destroyed) return own
    idle.delete(socket)
    busy.delete(socket)
    foreign.add(socket)
    if (foreign.size > mostForeign) dropOldest(foreign)
    return own
  }

  server.on('connection', (socket) => {
    if (!access.isFromHere(socket)) {
      socket.destroy()
      return
    }
    if (idle.size + busy.size >= mostConnections && !dropOldest(idle)) {
      socket.destroy()
      return
    }
    idle.add(socket)
    verdicts.set(socket, findOut(socket))
    socket.once('close', () => {
      for (const sockets of [idle, busy, foreign]) sockets.delete(socket)
    })
  })

  server.on('request', ({ socket }, response) => {
    if (!idle.delete(socket)) return
    busy.add(socket)
    response.once('close', () => {
      if (busy.delete(socket) && !socket.destroyed) idle.add(socket)
    })
  })

  return {
    isOwn: (socket) => verdicts.get(socket) ?? Promise.resolve(false),
    destroyAll: () => {
      for (const socket of [...idle, ...busy, ...foreign]) socket.destroy()
    },
  }
}

/** False where there is none to drop. */
function dropOldest(sockets: Set<Socket>): boolean {
  const [oldest] = sockets
  if (oldest === undefined) return false
  sockets.delete(oldest)
  oldest.destroy()
  return true
}
