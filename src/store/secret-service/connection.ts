import { decodeMessage, encodeMethodCall, type Message } from './message.ts'
import { openUnixSocket } from './unix-socket.ts'

export interface BusConnection {
  send(bytes: Buffer): void
  close(): void
}

export interface BusEvents {
  /** Once, when the bus has accepted us: from now on it takes calls. */
  ready(): void
  /** Any message but the answer to our greeting. */
  message(message: Message): void
  /** Once, when nothing more will come: never connected, refused, cut off, or not speaking D-Bus. */
  closed(reason: 'unreachable' | 'refused' | 'ended' | 'garbage'): void
}

/** Serial of the greeting; those of the caller's own messages begin after it. */
export const helloSerial = 1
/** No line of the authentication is nearly as long. */
const longestLine = 4096

/**
 * Opens the bus behind one Unix socket. Nothing is sent ahead of the answer to the authentication: xdg-dbus-proxy 0.1.4 takes
 * the bus's lines for messages once it has seen our BEGIN.
 */
export function connectBus(socketPath: string, uid: number, events: BusEvents): BusConnection {
  let received: Buffer = Buffer.alloc(0)
  /** What ends the authentication: it leaves with the first call, in one write. */
  let greeting: Buffer = Buffer.alloc(0)
  let connected = false
  let over = false
  const authentication = new Authentication(uid)
  const end = (reason: 'unreachable' | 'refused' | 'ended' | 'garbage') => {
    if (over) return
    over = true
    socket.destroy()
    events.closed(reason)
  }
  const authenticate = () => {
    for (let line = takeLine(); line !== undefined && !authentication.done; line = takeLine()) {
      const answer = authentication.answer(line)
      if (answer === undefined) return end('refused')
      if (authentication.done) greeting = answer
      else socket.write(answer)
    }
    if (authentication.done) events.ready()
  }
  const takeLine = () => {
    const lineEnd = authentication.done ? -1 : received.indexOf('\r\n')
    if (lineEnd < 0) {
      if (!authentication.done && received.length > longestLine) throw new RangeError('no line of D-Bus')
      return undefined
    }
    const line = received.toString('latin1', 0, lineEnd)
    received = received.subarray(lineEnd + 2)
    return line
  }
  const take = () => {
    if (!authentication.done) authenticate()
    while (!over && authentication.done) {
      const message = decodeMessage(received)
      if (message === undefined) return
      received = received.subarray(message.length)
      if (message.replySerial !== helloSerial) events.message(message)
    }
  }
  const socket = openUnixSocket(socketPath, {
    connected() {
      connected = true
      socket.write(authentication.first())
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
    ended: () => end(authentication.done ? 'ended' : connected ? 'refused' : 'unreachable'),
  })
  return {
    send: (bytes) => {
      socket.write(Buffer.concat([greeting, bytes]))
      greeting = Buffer.alloc(0)
    },
    close: () => {
      over = true
      socket.destroy()
    },
  }
}

/**
 * EXTERNAL: the kernel vouches for our uid (D-Bus Specification, "Authentication Protocol"). In a user namespace, or through a
 * forwarded socket, the bus knows us by another number than we do; then we name none, and it takes the kernel's.
 */
class Authentication {
  done = false
  readonly #uid: number
  #named = true

  constructor(uid: number) {
    this.#uid = uid
  }

  first(): Buffer {
    return Buffer.from(`\0AUTH EXTERNAL ${Buffer.from(String(this.#uid)).toString('hex')}\r\n`)
  }

  /** What to send after this line; undefined when we are not accepted. @throws RangeError for what no bus says */
  answer(line: string): Buffer | undefined {
    const [word] = line.split(' ')
    if (word === 'OK') {
      this.done = true
      return Buffer.concat([Buffer.from('BEGIN\r\n'), helloCall()])
    }
    if (word === 'REJECTED' && this.#named) {
      this.#named = false
      return Buffer.from('AUTH EXTERNAL\r\n')
    }
    if (word === 'DATA' && !this.#named) return Buffer.from('DATA\r\n')
    if (word === 'REJECTED' || word === 'ERROR') return undefined
    throw new RangeError('no line of the D-Bus authentication')
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
