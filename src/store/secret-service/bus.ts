import { printable, t } from '../../kit/index.ts'
import { type BusLocation, busAddresses } from './address.ts'
import { foreignSocket, unusedBus } from './bus-owner.ts'
import { type BusConnection, connectBus, helloSerial } from './connection.ts'
import { failureOf, SecretServiceFailure } from './failure.ts'
import { encodeMethodCall, type Message, type MethodCall } from './message.ts'

export interface BusOptions extends BusLocation {
  uid: number
  /** For everything that is done on one connection; while the user is waited for it does not run. */
  timeoutMs: number
}

/**
 * Runs something on the first session bus that accepts us, and closes the connection.
 *
 * @throws SecretServiceFailure `no-bus` when there is none, `timeout`, and whatever the calls say
 */
export async function withBus<T>(options: BusOptions, use: (bus: Bus) => Promise<T>): Promise<T> {
  const { sockets, others } = busAddresses(options)
  const failures: SecretServiceFailure[] = []
  for (const socket of sockets) {
    const foreign = foreignSocket(socket, options.uid)
    // Nor any address after it: what set this one may have set the others.
    if (foreign !== undefined) throw new SecretServiceFailure('no-bus', foreign)
    const bus = new Bus(socket, options)
    try {
      await bus.ready
      return await use(bus)
    } catch (error) {
      // Some value of an answer reaches past its end, or is of another type.
      if (error instanceof RangeError)
        throw new SecretServiceFailure(
          'unknown',
          t('the keyring service gives an answer that is not understood'),
        )
      if (bus.accepted || !(error instanceof SecretServiceFailure) || error.state === 'timeout') throw error
      failures.push(error)
    } finally {
      bus.close()
    }
  }
  // What answers nonsense says more about what is wrong than an address without a server.
  throw (
    failures.find(({ state }) => state === 'unknown') ??
    failures[0] ??
    new SecretServiceFailure('no-bus', others.length === 0 ? undefined : unusedBus(others, options))
  )
}

interface Waiting {
  resolve(message: Message): void
  reject(failure: Error): void
}

/** One connection to the session bus. Every wait on it ends: with an answer, with the connection, or with its limit. */
export class Bus {
  /** Resolves when the bus has accepted us. */
  readonly ready: Promise<void>
  accepted = false
  readonly #socket: string
  readonly #timeoutMs: number
  readonly #connection: BusConnection
  readonly #answers = new Map<number, Waiting>()
  readonly #signals = new Map<(signal: Message) => boolean, Waiting>()
  #timer: NodeJS.Timeout | undefined
  #refuse: ((failure: SecretServiceFailure) => void) | undefined
  #over: SecretServiceFailure | undefined
  #serial = helloSerial
  #outgoing: Buffer[] = []

  constructor(socket: string, { uid, timeoutMs }: BusOptions) {
    this.#socket = printable(socket.replace('\0', '@'))
    this.#timeoutMs = timeoutMs
    let accept = () => {}
    this.ready = new Promise<void>((resolve, reject) => {
      accept = resolve
      this.#refuse = reject
    })
    this.#startTimer()
    this.#connection = connectBus(socket, uid, {
      ready: () => {
        this.accepted = true
        accept()
      },
      message: (message) => this.#take(message),
      closed: (reason) => this.#end(this.#failure(reason)),
    })
  }

  /** Calls made in one go leave in one write. @throws SecretServiceFailure for an answer that is an error */
  call(call: Omit<MethodCall, 'serial'>): Promise<Message> {
    if (this.#over !== undefined) return Promise.reject(this.#over)
    const serial = ++this.#serial
    if (this.#outgoing.push(encodeMethodCall({ ...call, serial })) === 1) queueMicrotask(() => this.#flush())
    return new Promise((resolve, reject) => this.#answers.set(serial, { resolve, reject }))
  }

  /** The first signal that `isIt`; listens from the call on. */
  signal(isIt: (signal: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => this.#signals.set(isIt, { resolve, reject }))
  }

  /** Waits for the user: only `limitMs` holds meanwhile. Undefined when they are over. */
  async forUser<T>(limitMs: number, answer: Promise<T>): Promise<T | undefined> {
    clearTimeout(this.#timer)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, limitMs, undefined)
    })
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
      this.#startTimer()
    }
  }

  close(): void {
    this.#flush()
    clearTimeout(this.#timer)
    this.#connection.close()
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => this.#end(new SecretServiceFailure('timeout')), this.#timeoutMs)
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#outgoing)
    this.#outgoing = []
    if (bytes.length > 0) this.#connection.send(bytes)
  }

  #take(message: Message): void {
    if (message.type === 'signal') {
      for (const [isIt, waiting] of this.#signals) {
        if (!isIt(message)) continue
        this.#signals.delete(isIt)
        waiting.resolve(message)
      }
    }
    const waiting = this.#answers.get(message.replySerial ?? 0)
    if (waiting === undefined) return
    this.#answers.delete(message.replySerial ?? 0)
    if (message.type === 'error') waiting.reject(failureOf(message))
    else waiting.resolve(message)
  }

  #end(failure: SecretServiceFailure): void {
    clearTimeout(this.#timer)
    this.#over = failure
    this.#connection.close()
    this.#refuse?.(failure)
    for (const { reject } of [...this.#answers.values(), ...this.#signals.values()]) reject(failure)
    this.#answers.clear()
    this.#signals.clear()
  }

  #failure(reason: 'unreachable' | 'refused' | 'ended' | 'garbage'): SecretServiceFailure {
    const place = this.#socket
    switch (reason) {
      case 'unreachable':
        return new SecretServiceFailure('no-bus', whyUnreachable(place))
      case 'refused':
        return new SecretServiceFailure(
          'no-bus',
          t('the D-Bus session bus at {place} does not accept this user', { place }),
        )
      case 'ended':
        return new SecretServiceFailure(
          'unknown',
          t('the D-Bus session bus at {place} has hung up', { place }),
        )
      case 'garbage':
        return new SecretServiceFailure(
          'unknown',
          t('what answers at {place} does not speak D-Bus', { place }),
        )
    }
  }
}

/** Node fills an abstract name up with zeros until version 22, and so asks for another one. */
function whyUnreachable(place: string): string {
  const node = Number.parseInt(process.versions.node, 10)
  return place.startsWith('@') && node < 22
    ? t(
        'Node.js {node} cannot connect to the abstract socket {place} of the D-Bus session bus; Node.js 22 can',
        { node, place },
      )
    : t('no D-Bus session bus answers at {place}', { place })
}
