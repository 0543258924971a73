import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Far more than clients need, and less than a process may have open files where that is few (1024). */
const mostConnections = 500

const loopback = /^(?:::ffff:)?127\./

/**
 * Bounds the connections of a server. The newest is always let in and the oldest idle one goes for it, so that
 * nobody can lock the others out by holding connections open. Connections that do not come from this machine are
 * dropped: routing tricks can lead them to a loopback address.
 */
export function limitConnections(server: Server): { destroyAll(): void } {
  const idle = new Set<Socket>()
  const busy = new Set<Socket>()

  server.on('connection', (socket) => {
    if (!loopback.test(socket.remoteAddress ?? '')) {
      socket.destroy()
      return
    }
    if (idle.size + busy.size >= mostConnections) {
      const [oldest = socket] = idle
      idle.delete(oldest)
      oldest.destroy()
      if (oldest === socket) return
    }
    idle.add(socket)
    socket.once('close', () => {
      idle.delete(socket)
      busy.delete(socket)
    })
  })

  server.on('request', ({ socket }, response) => {
    idle.delete(socket)
    busy.add(socket)
    response.once('close', () => {
      if (busy.delete(socket) && !socket.destroyed) idle.add(socket)
    })
  })

  return {
    destroyAll: () => {
      for (const socket of [...idle, ...busy]) socket.destroy()
    },
  }
}
