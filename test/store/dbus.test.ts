import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { busAddresses } from '../../src/store/secret-service/address.ts'
import { BodyWriter } from '../../src/store/secret-service/marshalling.ts'
import { decodeMessage, encodeMethodCall } from '../../src/store/secret-service/message.ts'
import { probeSecretService } from '../../src/store/secret-service/probe.ts'
import { type Keyring, type KeyringMode, startKeyring } from '../support/keyring.ts'
import { spawnSync } from '../support/run-sync.ts'
import { bundleWorker } from './bundle.ts'
import {
  type Answer,
  type Authentication,
  booleanVariant,
  encodeReply,
  type FakeBus,
  startFakeBus,
} from './fake-bus.ts'

const uid = process.getuid?.() ?? 0
let running: (FakeBus | (Keyring & { close?: never }))[] = []
afterEach(async () => {
  for (const one of running) await (one.close ? one.close() : one.stop())
  running = []
})

async function fake(answer: Answer, authentication?: Authentication): Promise<string> {
  const bus = await startFakeBus(answer, authentication)
  running.push(bus)
  return bus.address
}

async function keyring(mode: KeyringMode): Promise<Keyring> {
  const started = await startKeyring({ mode })
  running.push(started)
  return started
}

const probe = async (address: string | undefined, timeoutMs = 1000, runtimeDirectory?: string) =>
  (await probeSecretService({ address, runtimeDirectory, uid, timeoutMs })).state

describe('addresses', () => {
  const found = (address?: string, runtimeDirectory?: string) => busAddresses({ address, runtimeDirectory })
  const usual = '/run/me/bus'

  test.each<[address: string, sockets: string[]]>([
    ['unix:path=/run/user/1000/bus', ['/run/user/1000/bus', usual]],
    ['unix:path=/tmp/a%20b%c3%a4,guid=12', ['/tmp/a bä', usual]],
    ['unix:guid=12,abstract=/tmp/dbus-x', ['\0/tmp/dbus-x', usual]],
    ['tcp:host=localhost,port=1;unix:path=/a;unix:path=/b', ['/a', '/b', usual]],
    ['unix:path=/run/me/bus', [usual]],
    ['unix:runtime=yes', [usual]],
    ['autolaunch:', [usual]],
    ['autolaunch:scope=*user', [usual]],
    ['', [usual]],
    [';unix:path=/a;', ['/a', usual]],
  ])('[case 150] %s: its sockets, and at last the one of the runtime directory', (address, sockets) => {
    expect(found(address, '/run/me').sockets).toEqual(sockets)
  })

  test.each([
    ['tcp:host=localhost,port=1', ['tcp:']],
    ['disabled:', ['disabled:']],
    ['unixexec:path=ssh,argv1=host', ['unixexec:']],
    ['nonce-tcp:host=localhost;launchd:env=X', ['nonce-tcp:', 'launchd:']],
    ['unix:dir=/tmp', ['unix:']],
    ['unix:path=', ['unix:']],
    ['nonsense', ['nonsense']],
  ])('[case 150] %s names no socket: none is tried in its place', (address, others) => {
    expect(found(address, '/run/me')).toEqual({ sockets: [], others })
  })

  test('without a variable and a runtime directory there is no bus', () => {
    expect(found()).toEqual({ sockets: [], others: [] })
  })

  test('P: no text makes the parser throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void found(`unix:path=${text}`, '/r')))
    fc.assert(fc.property(fc.string(), (text) => void found(text, '/r')))
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

  test('[case 40] no bus: no address, a dead socket', async () => {
    expect(await probe(undefined)).toBe('no-bus')
    expect(await probe('unix:path=/nonexistent/bus')).toBe('no-bus')
  })

  test('[case 179] a number that the bus does not know: the kernel tells it who we are', async () => {
    const { env } = await keyring('unlocked')
    const options = { address: env.DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: undefined, timeoutMs: 1000 }
    expect(await probeSecretService({ ...options, uid: uid + 1 })).toEqual({ state: 'unlocked' })
  })

  test('[case 150] a dead address beside the bus of the runtime directory: that one is used', async () => {
    const { env } = await keyring('unlocked')
    const runtime = env.XDG_RUNTIME_DIR
    for (const address of [
      'unix:path=/nonexistent/bus',
      'unix:abstract=/tmp/nothing-here',
      'autolaunch:',
      'unix:path=/a;tcp:host=localhost,port=1',
    ])
      expect(await probe(address, 1000, runtime)).toBe('unlocked')
  })

  test.each(['disabled:', 'tcp:host=localhost,port=1', 'unixexec:path=/bin/false', 'launchd:env=X'])(
    '[case 150] %s: the reason, and the bus that is there',
    async (address) => {
      const { env } = await keyring('unlocked')
      const transport = address.slice(0, address.indexOf(':') + 1)
      const options = { address, uid, timeoutMs: 1000 }
      const runtimeDirectory = env.XDG_RUNTIME_DIR
      const live = await probeSecretService({ ...options, runtimeDirectory })
      expect(live).toEqual({
        state: 'no-bus',
        reason: `DBUS_SESSION_BUS_ADDRESS says ${transport}, though there is a bus at ${runtimeDirectory}/bus, which is used after: unset DBUS_SESSION_BUS_ADDRESS`,
      })
      const none = await probeSecretService({ ...options, runtimeDirectory: undefined })
      expect(none).toEqual({
        state: 'no-bus',
        reason: `DBUS_SESSION_BUS_ADDRESS says ${transport}, and sesame only connects to unix: addresses`,
      })
    },
  )

  test('[case 179] an abstract socket: it works, or the version of Node is the reason', async () => {
    const name = `sesame-test-${process.pid}-${Math.trunc(performance.now())}`
    const found = await probeSecretService({
      address: `unix:abstract=${name}`,
      runtimeDirectory: undefined,
      uid,
      timeoutMs: 1000,
    })
    expect(found.state).toBe('no-bus')
    expect(found.reason).toContain(`@${name}`)
    expect(found.reason?.includes('Node.js 22 can')).toBe(process.versions.node.startsWith('20.'))
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

  test('[case 179] a bus that talks nonsense is none, and said to be so', async () => {
    const nonsense = await fake((_, serial, reply) => serial === 2 && reply(Buffer.alloc(64, 0x55)))
    const huge = Buffer.from([0x6c, 2, 0, 1, 255, 255, 255, 127, 1, 0, 0, 0, 0, 0, 0, 0])
    const tooLong = await fake((_, serial, reply) => serial === 2 && reply(huge))
    const web = await fake(
      () => {},
      () => ['HTTP/1.1 400 Bad Request\r\n\r\n'],
    )
    const noise = await fake(
      () => {},
      () => [Buffer.alloc(10_000, 0x55)],
    )
    for (const address of [nonsense, tooLong, web, noise]) {
      const options = { address, runtimeDirectory: undefined, uid, timeoutMs: 1000 }
      expect(await probeSecretService(options)).toEqual({
        state: 'unknown',
        reason: expect.stringMatching(/^what answers at \/.*\/bus does not speak D-Bus$/),
      })
    }
  })

  test('[case 179] a bus that says nothing is given up within the limit', async () => {
    const mute = await fake(
      () => {},
      () => [],
    )
    expect(await probe(mute, 200)).toBe('timeout')
  })
})

describe('[case 179] the authentication', () => {
  const unlocked: Answer = (message, serial, reply) => {
    const body = booleanVariant(false, 'little')
    if (message.member === 'Get')
      reply(encodeReply({ type: 'return', replySerial: serial, signature: 'v', body }))
  }
  const hex = Buffer.from(String(uid)).toString('hex')

  test('waits for each answer: nothing is sent ahead of it', async () => {
    const lines: string[] = []
    const address = await fake(unlocked, (line) => {
      lines.push(line)
      return ['O', 'K 0123\r', '\n']
    })
    expect(await probe(address)).toBe('unlocked')
    expect(lines).toEqual([`\0AUTH EXTERNAL ${hex}`])
  })

  test('a bus that knows us by another number is left to ask the kernel', async () => {
    const lines: string[] = []
    const address = await fake(unlocked, (line) => {
      lines.push(line)
      if (line === 'AUTH EXTERNAL') return ['DATA\r\n']
      return line === 'DATA' ? ['OK 0123\r\n'] : ['REJECTED EXTERNAL\r\n']
    })
    expect(await probe(address)).toBe('unlocked')
    expect(lines).toEqual([`\0AUTH EXTERNAL ${hex}`, 'AUTH EXTERNAL', 'DATA'])
  })

  test.each(['REJECTED DBUS_COOKIE_SHA1', 'ERROR'])('a bus that answers %s is none', async (answer) => {
    const address = await fake(unlocked, () => [`${answer}\r\n`])
    const options = { address, runtimeDirectory: undefined, uid, timeoutMs: 1000 }
    expect(await probeSecretService(options)).toMatchObject({
      state: 'no-bus',
      reason: expect.stringContaining('does not accept this user'),
    })
  })

  test('real: a bus in another user namespace, and a proxy that filters', async () => {
    const { env } = await keyring('unlocked')
    const [, path = ''] = /unix:path=([^,]*)/.exec(env.DBUS_SESSION_BUS_ADDRESS ?? '') ?? []
    const { file, remove } = await bundleWorker('store-worker')
    const steps = [file, 'keychain', '/nonexistent', 'write', 'k', '1', 'read', 'k', 'remove', 'k']
    const run = (words: readonly string[], address: string) => {
      const [command = '', ...rest] = [...words, process.execPath, ...steps]
      const { stdout } = spawnSync(command, rest, {
        env: { ...env, DBUS_SESSION_BUS_ADDRESS: address },
        encoding: 'utf8',
      })
      return JSON.parse(stdout || '{}')
    }
    const kept = { results: [null, '1', true], warnings: [] }
    const proxied = join(env.HOME ?? '', 'proxied')
    const proxy = spawn(
      'xdg-dbus-proxy',
      [`unix:path=${path}`, proxied, '--filter', '--talk=org.freedesktop.secrets'],
      { stdio: 'ignore' },
    )
    const started = await new Promise((resolve) =>
      proxy.once('spawn', () => resolve(true)).once('error', () => resolve(false)),
    )
    try {
      while (started && !existsSync(proxied)) await new Promise((resolve) => setImmediate(resolve))
      if (started) expect(run([], `unix:path=${proxied}`)).toMatchObject(kept)
      const asRoot = ['unshare', '--user', '--map-user=4321']
      if (spawnSync('unshare', [...asRoot.slice(1), 'true']).status === 0)
        expect(run(asRoot, `unix:path=${path}`)).toMatchObject(kept)
    } finally {
      proxy.kill()
      remove()
    }
  })
})
