import { busSockets } from './dbus-address.ts'
import { connectBus } from './dbus-connection.ts'
import { encodeMethodCall, type Message } from './dbus-message.ts'
import type { ProbeOptions } from './dbus-probe.ts'

export type UnlockOutcome = 'unlocked' | 'dismissed' | 'timeout' | 'unavailable'

/**
 * Lets the desktop ask the person to unlock the default collection, and waits for the answer (Secret Service API,
 * "Unlock" and "Prompt"). Unlike the same wait inside the native binding it can be given up at any time: closing the
 * connection closes the dialog, and no stuck thread keeps the process from ending.
 */
export async function unlockSecretService(options: ProbeOptions): Promise<UnlockOutcome> {
  const sockets = busSockets(options)
  if (sockets === 'unsupported') return 'unavailable'
  for (const socket of sockets) {
    const outcome = await unlockOn(socket, options)
    if (outcome !== 'unavailable') return outcome
  }
  return 'unavailable'
}

function unlockOn(socket: string, { uid, timeoutMs }: ProbeOptions): Promise<UnlockOutcome> {
  return new Promise((resolve) => {
    const settle = (outcome: UnlockOutcome) => {
      clearTimeout(timer)
      connection.close()
      resolve(outcome)
    }
    const timer = setTimeout(() => settle('timeout'), timeoutMs)
    let prompt: string | undefined
    const step = (message: Message) => {
      if (message.type === 'signal') {
        if (message.member === 'Completed' && message.path === prompt) {
          settle(message.body.boolean() ? 'dismissed' : 'unlocked')
        }
      } else if (message.type === 'error' && message.replySerial !== serial.addMatch) {
        settle('unavailable')
      } else if (message.replySerial === serial.readAlias) {
        connection.send(unlockCall(message.body.string()))
      } else if (message.replySerial === serial.unlock) {
        message.body.strings()
        prompt = message.body.string()
        // No prompt: it was not locked any more.
        if (prompt === '/') settle('unlocked')
        else connection.send(promptCall(prompt))
      }
    }
    const connection = connectBus(socket, uid, Buffer.concat([addMatchCall, readAliasCall]), {
      message: step,
      closed: () => settle('unavailable'),
    })
  })
}

const serial = { addMatch: 2, readAlias: 3, unlock: 4, prompt: 5 }
const service = { destination: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' }

const addMatchCall = encodeMethodCall({
  serial: serial.addMatch,
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
  member: 'AddMatch',
  signature: 's',
  body: ["type='signal',interface='org.freedesktop.Secret.Prompt',member='Completed'"],
})

const readAliasCall = encodeMethodCall({
  ...service,
  serial: serial.readAlias,
  interface: 'org.freedesktop.Secret.Service',
  member: 'ReadAlias',
  signature: 's',
  body: ['default'],
})

function unlockCall(collection: string): Buffer {
  return encodeMethodCall({
    ...service,
    serial: serial.unlock,
    interface: 'org.freedesktop.Secret.Service',
    member: 'Unlock',
    signature: 'ao',
    body: [[collection]],
  })
}

/** The empty window id: the dialog belongs to no window of ours. */
function promptCall(prompt: string): Buffer {
  return encodeMethodCall({
    serial: serial.prompt,
    destination: service.destination,
    path: prompt,
    interface: 'org.freedesktop.Secret.Prompt',
    member: 'Prompt',
    signature: 's',
    body: [''],
  })
}
