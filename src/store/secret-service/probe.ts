import { type BusLocation, busSockets } from './address.ts'
import { foreignSocket } from './bus-owner.ts'
import { connectBus } from './connection.ts'
import { BodyWriter, encodeMethodCall, type Message } from './message.ts'

/** What stands behind the session bus. `unknown` is an answer that we do not understand: worth a try. */
export type SecretServiceState =
  | 'unlocked'
  | 'locked'
  | 'no-provider'
  | 'no-bus'
  | 'no-default-collection'
  | 'timeout'
  | 'unknown'

export interface ProbeOptions extends BusLocation {
  uid: number
  timeoutMs: number
}

/** Where the Secret Service answers, on every bus. */
export const secretService = { destination: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' }

/**
 * Asks whether the default collection of the Secret Service is locked, without anything that could open a dialog or
 * hang: one property, one write, one round trip (Secret Service API, "Collection.Locked").
 */
export async function probeSecretService(options: ProbeOptions): Promise<SecretServiceState> {
  return askBus<SecretServiceState>(options, isLockedCall(), (message, settle) => {
    if (message.replySerial === isLockedSerial) settle(stateOf(message))
  })
}

/**
 * Sends `first` to the first bus that takes it and hands every message to `step` until that settles. Where no bus
 * answers sensibly, or none in time, the result is a state as well.
 */
export async function askBus<T>(
  options: ProbeOptions,
  first: Buffer,
  step: (message: Message, settle: (result: T) => void, send: (bytes: Buffer) => void) => void,
): Promise<T | 'no-bus' | 'timeout' | 'unknown'> {
  const { uid, timeoutMs } = options
  const sockets = busSockets(options)
  if (sockets === 'unsupported') return 'unknown'
  for (const socket of sockets) {
    // Nor any address after it: the native binding would not pass over this one.
    if (foreignSocket(socket, uid) !== undefined) return 'no-bus'
    const result = await new Promise<T | 'no-bus' | 'timeout' | 'unknown'>((resolve) => {
      const settle = (outcome: T | 'no-bus' | 'timeout' | 'unknown') => {
        clearTimeout(timer)
        connection.close()
        resolve(outcome)
      }
      const timer = setTimeout(() => settle('timeout'), timeoutMs)
      const connection = connectBus(socket, uid, first, {
        message: (message) => step(message, settle, connection.send),
        closed: (reason) => settle(reason === 'unreachable' || reason === 'refused' ? 'no-bus' : 'unknown'),
      })
    })
    if (result !== 'no-bus') return result
  }
  return 'no-bus'
}

export const isLockedSerial = 2
export function isLockedCall(): Buffer {
  return encodeMethodCall({
    serial: isLockedSerial,
    destination: secretService.destination,
    path: '/org/freedesktop/secrets/aliases/default',
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body: new BodyWriter().string('org.freedesktop.Secret.Collection').string('Locked'),
  })
}

/** What an answer to `isLockedCall`, or an error from any call of the service, says about it. */
export function stateOf(answer: Message): SecretServiceState {
  if (answer.type === 'return' && answer.signature === 'v') {
    const locked = answer.body.variant()
    return locked === 0 ? 'unlocked' : locked === 1 ? 'locked' : 'unknown'
  }
  const error = answer.errorName ?? ''
  if (/\.(ServiceUnknown|NameHasNoOwner|Spawn\.\w+)$/.test(error)) return 'no-provider'
  if (/\.(Unknown(Method|Object|Interface|Property)|NoSuchObject)$/.test(error))
    return 'no-default-collection'
  if (/\.(NoReply|Timeout|TimedOut)$/.test(error)) return 'timeout'
  return 'unknown'
}
