import { decodeMessage, encodeMethodCall, type Message } from './message.ts'
import { openUnixSocket } from './unix-socket.ts'

export interface BusConnection {
  send(bytes: Buffer): void
  close(): void
}

export interface BusEvents {
  /** Any message but the answer to our greeting. */
  message(message: Message): void
  /** Once, when nothing more will come: never connected, refused, cut off, or not speaking D-Bus. */
  closed(reason: 'unreachable' | 'refused' | 'ended' | 'garbage'): void
}

/** Serial of the greeting; those of the caller's own messages begin after it. */
const helloSerial = 1

/**
 * Opens the bus behind one Unix socket. Authentication (EXTERNAL: the kernel vouches for our uid), the greeting and
 * `first` go out in one write, so that the first answer costs one round trip.
 */
export function connectBus(socketPath: string, uid: number, first: Buffer, events: BusEvents): BusConnection {
  let received: Buffer = Buffer.alloc(0)
  let connected = false
  let authenticated = false
  let over = false
  const end = (reason: 'unreachable' | 'refused' | 'ended' | 'garbage') => {
    if (over) return
    over = true
    socket.destroy()
    events.closed(reason)
  }
  const take = () => {
    if (!authenticated) {
      const lineEnd = received.indexOf('\r\n')
      if (lineEnd < 0) return
      if (!received.toString('latin1', 0, lineEnd).startsWith('OK ')) return end('refused')
      authenticated = true
      received = received.subarray(lineEnd + 2)
    }
    while (!over) {
      const message = decodeMessage(received)
      if (message === undefined) return
      received = received.subarray(message.length)
      if (message.replySerial !== helloSerial) events.message(message)
    }
  }
  const socket = openUnixSocket(socketPath, {
    connected() {
      connected = true
      const identity = Buffer.from(String(uid)).toString('hex')
      const greeting = Buffer.from(`\0AUTH EXTERNAL ${identity}\r\nBEGIN\r\n`)
      socket.write(Buffer.concat([greeting, helloCall(), first]))
    },
    data(chunk) {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      try {
        take()
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        end('garbage')
      }
    },
    ended: () => end(authenticated ? 'ended' : connected ? 'refused' : 'unreachable'),
  })
  return {
    send: (bytes) => socket.write(bytes),
    close: () => {
      over = true
      socket.destroy()
    },
  }
}

function helloCall(): Buffer {
  return encodeMethodCall({
    serial: helloSerial,
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'Hello',
  })
}
