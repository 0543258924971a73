import { BodyWriter, encodeMethodCall } from './message.ts'
import { askBus, type ProbeOptions, secretService } from './probe.ts'

export type UnlockOutcome = 'unlocked' | 'dismissed' | 'timeout' | 'unavailable'

/**
 * Lets the desktop ask the person to unlock the default collection, and waits for the answer (Secret Service API,
 * "Unlock" and "Prompt"). Unlike the same wait inside the native binding it can be given up at any time: closing the
 * connection closes the dialog, and no stuck thread keeps the process from ending.
 */
export async function unlockSecretService(options: ProbeOptions): Promise<UnlockOutcome> {
  let prompt: string | undefined
  const first = Buffer.concat([addMatchCall(), readAliasCall()])
  const outcome = await askBus<UnlockOutcome>(options, first, (message, settle, send) => {
    if (message.type === 'signal') {
      if (message.member === 'Completed' && message.path === prompt) {
        settle(message.body.boolean() ? 'dismissed' : 'unlocked')
      }
    } else if (message.type === 'error' && message.replySerial !== serial.addMatch) {
      settle('unavailable')
    } else if (message.replySerial === serial.readAlias) {
      send(unlockCall(message.body.string()))
    } else if (message.replySerial === serial.unlock) {
      message.body.strings()
      prompt = message.body.string()
      // No prompt: it was not locked any more.
      if (prompt === '/') settle('unlocked')
      else send(promptCall(prompt))
    }
  })
  return outcome === 'no-bus' || outcome === 'unknown' ? 'unavailable' : outcome
}

const serial = { addMatch: 2, readAlias: 3, unlock: 4, prompt: 5 }

function addMatchCall(): Buffer {
  return encodeMethodCall({
    serial: serial.addMatch,
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'AddMatch',
    signature: 's',
    body: new BodyWriter().string(
      "type='signal',interface='org.freedesktop.Secret.Prompt',member='Completed'",
    ),
  })
}

function readAliasCall(): Buffer {
  return encodeMethodCall({
    ...secretService,
    serial: serial.readAlias,
    interface: 'org.freedesktop.Secret.Service',
    member: 'ReadAlias',
    signature: 's',
    body: new BodyWriter().string('default'),
  })
}

function unlockCall(collection: string): Buffer {
  const body = new BodyWriter()
  return encodeMethodCall({
    ...secretService,
    serial: serial.unlock,
    interface: 'org.freedesktop.Secret.Service',
    member: 'Unlock',
    signature: 'ao',
    body: body.array(4, () => body.string(collection)),
  })
}

/** The empty window id: the dialog belongs to no window of ours. */
function promptCall(prompt: string): Buffer {
  return encodeMethodCall({
    serial: serial.prompt,
    destination: secretService.destination,
    path: prompt,
    interface: 'org.freedesktop.Secret.Prompt',
    member: 'Prompt',
    signature: 's',
    body: new BodyWriter().string(''),
  })
}
