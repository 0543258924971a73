import { standaloneTarget } from '../../kit/index.ts'
import { openBunSocket } from './bun-socket.ts'
import { openRawPipe } from './pipe-handle.ts'

/** The little that the bus needs of a stream socket. */
export interface UnixSocket {
  write(bytes: Buffer): void
  /** Ends it at once; no event comes afterwards. */
  destroy(): void
}

export interface UnixSocketEvents {
  connected(): void
  data(chunk: Buffer): void
  /** Once: it could not be opened, or has ended. */
  ended(): void
}

/** Connects to a Unix socket, by the quickest way that this runtime has. */
export function openUnixSocket(path: string, events: UnixSocketEvents): UnixSocket {
  if (standaloneTarget !== undefined) return openBunSocket(path, events)
  return openRawPipe(path, events) ?? openNetSocket(path, events)
}

/** The ordinary way. */
export function openNetSocket(path: string, events: UnixSocketEvents): UnixSocket {
  const net: typeof import('node:net') = process.getBuiltinModule('node:net')
  const socket = net.connect({ path })
  let over = false
  const end = () => {
    if (over) return
    over = true
    socket.destroy()
    events.ended()
  }
  socket.on('connect', () => over || events.connected())
  socket.on('data', (chunk) => over || events.data(chunk))
  socket.on('error', end)
  socket.on('close', end)
  return {
    write: (bytes) => void socket.write(bytes),
    destroy: () => {
      over = true
      socket.destroy()
    },
  }
}
