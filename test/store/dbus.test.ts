import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { busSockets } from '../../src/store/secret-service/address.ts'
import { BodyWriter, decodeMessage, encodeMethodCall } from '../../src/store/secret-service/message.ts'
import { probeSecretService } from '../../src/store/secret-service/probe.ts'
import { unlockSecretService } from '../../src/store/secret-service/unlock.ts'
import { type Keyring, type KeyringMode, startKeyring } from '../support/keyring.ts'
import { type Answer, booleanVariant, encodeReply, type FakeBus, startFakeBus } from './fake-bus.ts'

const uid = process.getuid?.() ?? 0
let running: (FakeBus | (Keyring & { close?: never }))[] = []
afterEach(async () => {
  for (const one of running) await (one.close ? one.close() : one.stop())
  running = []
})

async function fake(answer: Answer, greeting?: string): Promise<string> {
  const bus = await startFakeBus(answer, greeting)
  running.push(bus)
  return bus.address
}

async function keyring(mode: KeyringMode): Promise<Keyring> {
  const started = await startKeyring({ mode })
  running.push(started)
  return started
}

const probe = (address: string | undefined, timeoutMs = 1000, runtimeDirectory?: string) =>
  probeSecretService({ address, runtimeDirectory, uid, timeoutMs })

describe('addresses', () => {
  const sockets = (address?: string, runtimeDirectory?: string) => busSockets({ address, runtimeDirectory })

  test.each([
    ['unix:path=/run/user/1000/bus', ['/run/user/1000/bus']],
    ['unix:path=/tmp/a%20b%c3%a4,guid=12', ['/tmp/a bä']],
    ['unix:guid=12,abstract=/tmp/dbus-x', ['\0/tmp/dbus-x']],
    ['tcp:host=localhost,port=1;unix:path=/a;unix:path=/b', ['/a', '/b']],
    ['unix:runtime=yes', ['/run/me/bus']],
    ['', ['/run/me/bus']],
    ['tcp:host=localhost,port=1', 'unsupported'],
    ['nonsense', 'unsupported'],
  ])('%s', (address, expected) => {
    expect(sockets(address, '/run/me')).toEqual(expected)
  })

  test('without a variable and a runtime directory there is no bus', () => {
    expect(sockets()).toEqual([])
  })

  test('P: no text makes the parser throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void sockets(`unix:path=${text}`, '/r')))
  })
})

describe('messages', () => {
  test('a call is read back as it was written', () => {
    const bytes = encodeMethodCall({
      serial: 7,
      destination: 'org.example',
      path: '/org/example',
      interface: 'org.example.I',
      member: 'Do',
      signature: 'sao',
      body: list(['/a', '/bc']),
    })
    const message = decodeMessage(Buffer.concat([bytes, Buffer.from('more')]))
    expect(message).toMatchObject({ type: 'call', member: 'Do', path: '/org/example', length: bytes.length })
    expect(message?.body.string()).toBe('text ä')
    expect(message?.body.strings()).toEqual(['/a', '/bc'])
  })

  function list(paths: string[]): BodyWriter {
    const body = new BodyWriter().string('text ä')
    return body.array(4, () => paths.forEach((path) => void body.string(path)))
  }

  test('a message is complete with its last byte, not before', () => {
    const bytes = encodeReply({ type: 'error', errorName: 'a.b', replySerial: 3 })
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeMessage(bytes.subarray(0, length))).toBeUndefined()
    }
    expect(decodeMessage(bytes)).toMatchObject({ type: 'error', errorName: 'a.b', replySerial: 3 })
  })

  test('P: any bytes give a message, nothing yet, or a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0x6c, 0x42), (rest, order) => {
        try {
          decodeMessage(Buffer.from([order, ...rest]))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})

describe('the probe', () => {
  test.each([
    ['unlocked', 'unlocked'],
    ['locked', 'locked'],
    ['no-provider', 'no-provider'],
    ['hung', 'timeout'],
  ] as const)('[case 40] a real keyring that is %s', async (mode, expected) => {
    const { env } = await keyring(mode)
    expect(await probe(env.DBUS_SESSION_BUS_ADDRESS, 300)).toBe(expected)
    expect(await probe(undefined, 300, env.XDG_RUNTIME_DIR)).toBe(expected)
  })

  test('[case 40] no bus: no address, a dead socket, another user', async () => {
    expect(await probe(undefined)).toBe('no-bus')
    expect(await probe('unix:path=/nonexistent/bus')).toBe('no-bus')
    const { env } = await keyring('unlocked')
    const options = { address: env.DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: undefined, timeoutMs: 1000 }
    expect(await probeSecretService({ ...options, uid: uid + 1 })).toBe('no-bus')
  })

  test('the second address of a list is tried when the first is dead', async () => {
    const { env } = await keyring('unlocked')
    expect(await probe(`unix:path=/nonexistent/bus;${env.DBUS_SESSION_BUS_ADDRESS}`)).toBe('unlocked')
  })

  test.each([
    ['little', true, 'locked'],
    ['little', false, 'unlocked'],
    ['big', true, 'locked'],
    ['big', false, 'unlocked'],
  ] as const)('answers in %s-endian byte order: locked %s', async (order, locked, expected) => {
    const answer = {
      type: 'return',
      replySerial: 2,
      signature: 'v',
      body: booleanVariant(locked, order),
    } as const
    const address = await fake((_, serial, reply) => {
      if (serial === 1) reply(encodeReply({ type: 'return', replySerial: 1 }, order))
      // A signal in between, and the answer byte by byte.
      if (serial === 2) reply(encodeReply({ type: 'signal', member: 'NameAcquired' }, order))
      if (serial === 2) for (const byte of encodeReply(answer, order)) reply(Buffer.from([byte]))
    })
    expect(await probe(address)).toBe(expected)
  })

  test.each([
    ['org.freedesktop.DBus.Error.ServiceUnknown', 'no-provider'],
    ['org.freedesktop.DBus.Error.NameHasNoOwner', 'no-provider'],
    ['org.freedesktop.DBus.Error.Spawn.ChildExited', 'no-provider'],
    ['org.freedesktop.DBus.Error.UnknownMethod', 'no-default-collection'],
    ['org.freedesktop.DBus.Error.UnknownObject', 'no-default-collection'],
    ['org.freedesktop.DBus.Error.NoReply', 'timeout'],
    ['org.example.SomethingElse', 'unknown'],
  ])('the error %s', async (errorName, expected) => {
    const address = await fake((_, serial, reply) => {
      if (serial === 2) reply(encodeReply({ type: 'error', errorName, replySerial: 2 }))
    })
    expect(await probe(address)).toBe(expected)
  })

  test('a bus that talks nonsense or hangs up is unknown, one that refuses us is none', async () => {
    const nonsense = await fake((_, serial, reply) => serial === 2 && reply(Buffer.alloc(64, 0x55)))
    expect(await probe(nonsense)).toBe('unknown')
    expect(await probe(await fake(() => {}, 'REJECTED EXTERNAL\r\n'))).toBe('no-bus')
    const huge = Buffer.from([0x6c, 2, 0, 1, 255, 255, 255, 127, 1, 0, 0, 0, 0, 0, 0, 0])
    expect(await probe(await fake((_, serial, reply) => serial === 2 && reply(huge)))).toBe('unknown')
  })
})

describe('unlocking', () => {
  const unlock = (address: string, timeoutMs = 1000) =>
    unlockSecretService({ address, runtimeDirectory: undefined, uid, timeoutMs })
  const text = (value: string) => new BodyWriter().string(value).toBuffer()
  const pathsAndPath = (path: string) => new BodyWriter().uint32(0).string(path).toBuffer()

  /** A service with a dialog in which the person does what the test says. */
  const service =
    (prompt: string, completed?: { dismissed: boolean; path: string }): Answer =>
    (message, serial, reply) => {
      const done = { type: 'return', replySerial: serial } as const
      if (message.member === 'ReadAlias') reply(encodeReply({ ...done, signature: 'o', body: text('/c') }))
      if (message.member === 'Unlock') {
        expect(message.body.strings()).toEqual(['/c'])
        reply(encodeReply({ ...done, signature: 'aoo', body: pathsAndPath(prompt) }))
      }
      if (message.member === 'Prompt' && completed) {
        const body = new BodyWriter().uint32(completed.dismissed ? 1 : 0).toBuffer()
        reply(
          encodeReply({ type: 'signal', path: completed.path, member: 'Completed', signature: 'bv', body }),
        )
      }
    }

  test('unlocked in the dialog', async () => {
    expect(await unlock(await fake(service('/p', { dismissed: false, path: '/p' })))).toBe('unlocked')
  })

  test('unlocked meanwhile: no dialog', async () => {
    expect(await unlock(await fake(service('/')))).toBe('unlocked')
  })

  test('[case 40] the dialog is dismissed', async () => {
    expect(await unlock(await fake(service('/p', { dismissed: true, path: '/p' })))).toBe('dismissed')
  })

  test("[case 40] no answer, or an answer to another program's dialog only", async () => {
    expect(await unlock(await fake(service('/p')), 100)).toBe('timeout')
    expect(await unlock(await fake(service('/p', { dismissed: false, path: '/other' })), 100)).toBe('timeout')
  })

  test('[case 40] a real locked keyring without a display cannot ask', async () => {
    const { env } = await keyring('locked')
    expect(await unlock(env.DBUS_SESSION_BUS_ADDRESS ?? '')).toBe('dismissed')
  })
})
