import type { UnixSocket, UnixSocketEvents } from './unix-socket.ts'

/* In an executable `node:net` is written in JavaScript above this interface of its runtime: loading it takes 4 ms of 14. */

interface BunSocket {
  /** How many bytes were taken; the rest is for `drain`. Negative when the socket is closed. */
  write(bytes: Buffer): number
  terminate(): void
}

interface BunListeners {
  open(socket: BunSocket): void
  data(socket: BunSocket, chunk: Buffer): void
  drain(socket: BunSocket): void
  end(): void
  error(): void
  close(): void
}

/** The part of Bun's own interface that is used here. */
interface Bun {
  connect(options: { unix: string; socket: BunListeners }): Promise<BunSocket>
}

/** A connection over the socket of Bun; it rejects by `ended` where there is no server. */
export function openBunSocket(path: string, events: UnixSocketEvents): UnixSocket {
  const { Bun } = globalThis as unknown as { Bun: Bun }
  let socket: BunSocket | undefined
  let waiting: Buffer = Buffer.alloc(0)
  let over = false
  const destroy = () => {
    over = true
    socket?.terminate()
  }
  const end = () => {
    if (over) return
    destroy()
    events.ended()
  }
  const send = (bytes: Buffer) => {
    const taken = socket?.write(bytes) ?? 0
    if (taken < 0) end()
    else waiting = bytes.subarray(taken)
  }
  const opened = (connected: BunSocket) => {
    socket = connected
    if (over) connected.terminate()
    else events.connected()
  }
  const listeners: BunListeners = {
    open: opened,
    data: (_, chunk) => over || events.data(chunk),
    drain: () => over || waiting.length === 0 || send(waiting),
    end,
    error: end,
    close: end,
  }
  Bun.connect({ unix: path, socket: listeners }).catch(end)
  return {
    write(bytes) {
      if (!over) send(waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes]))
    },
    destroy,
  }
}
