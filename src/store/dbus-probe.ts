import { type BusLocation, busSockets } from './dbus-address.ts'
import { connectBus } from './dbus-connection.ts'
import { encodeMethodCall, type Message } from './dbus-message.ts'

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

const secrets = 'org.freedesktop.secrets'
export const defaultCollection = '/org/freedesktop/secrets/aliases/default'

/**
 * Asks whether the default collection of the Secret Service is locked, without anything that could open a dialog or
 * hang: one property, one write, one round trip (Secret Service API, "Collection.Locked").
 */
export async function probeSecretService(options: ProbeOptions): Promise<SecretServiceState> {
  const sockets = busSockets(options)
  if (sockets === 'unsupported') return 'unknown'
  for (const socket of sockets) {
    const state = await askOneBus(socket, options)
    if (state !== 'no-bus') return state
  }
  return 'no-bus'
}

function askOneBus(socket: string, { uid, timeoutMs }: ProbeOptions): Promise<SecretServiceState> {
  return new Promise((resolve) => {
    const settle = (state: SecretServiceState) => {
      clearTimeout(timer)
      connection.close()
      resolve(state)
    }
    const timer = setTimeout(() => settle('timeout'), timeoutMs)
    const connection = connectBus(socket, uid, isLockedCall, {
      message: (message) => {
        if (message.replySerial === isLockedSerial) settle(stateOf(message))
      },
      closed: (reason) => settle(reason === 'unreachable' || reason === 'refused' ? 'no-bus' : 'unknown'),
    })
  })
}

const isLockedSerial = 2
const isLockedCall = encodeMethodCall({
  serial: isLockedSerial,
  destination: secrets,
  path: defaultCollection,
  interface: 'org.freedesktop.DBus.Properties',
  member: 'Get',
  signature: 'ss',
  body: ['org.freedesktop.Secret.Collection', 'Locked'],
})

function stateOf(answer: Message): SecretServiceState {
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
