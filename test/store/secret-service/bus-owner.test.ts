import * as fs from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/kit/clock.ts'
import { keychainStore } from '../../../src/store/keychain.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { busRemark, foreignSocket } from '../../../src/store/secret-service/bus-owner.ts'
import { removeSecret, writeSecret } from '../../../src/store/secret-service/change-secret.ts'
import { probeSecretService } from '../../../src/store/secret-service/probe.ts'
import { readSecret } from '../../../src/store/secret-service/read-secret.ts'
import { booleanVariant, encodeReply, type FakeBus, startFakeBus } from '../fake-bus.ts'

const uid = process.getuid?.() ?? 0
const isRoot = uid === 0
const nobody = 65534

let root: string
let bus: FakeBus | undefined
let asked: number
const servers: Server[] = []
beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'bus-owner-'))
  asked = 0
})
afterEach(() => {
  bus?.close()
  bus = undefined
  for (const server of servers.splice(0)) server.close()
  fs.rmSync(root, { recursive: true, force: true })
})

const location = (address: string) => ({ address, runtimeDirectory: undefined })
const quiet = { uid, timeoutMs: 1000, interactive: () => true, warn: () => {} }
const probe = async (address: string) => (await probeSecretService({ ...location(address), ...quiet })).state
/** Why the socket of this address is not used. */
const objection = (address: string, by: number) => foreignSocket(address.slice('unix:path='.length), by)

/** A bus with an unlocked keyring behind it; `path` is where its socket is. */
async function unlockedBus(): Promise<{ address: string; path: string }> {
  const body = booleanVariant(false, 'little')
  bus = await startFakeBus((_, serial, reply) => {
    asked++
    if (serial === 2) reply(encodeReply({ type: 'return', replySerial: 2, signature: 'v', body }))
  })
  return { address: bus.address, path: bus.address.slice('unix:path='.length) }
}

/** A socket of ours below `root`, in these directories. */
async function socketIn(...directories: string[]): Promise<string> {
  const directory = join(root, ...directories)
  fs.mkdirSync(directory, { recursive: true })
  const path = join(directory, 'bus')
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return path
}

describe.runIf(isRoot)('[case 107] a session bus of another user', () => {
  test('counts as none, for every question, and nothing is sent to it', async () => {
    const { address, path } = await unlockedBus()
    expect(await probe(address)).toBe('unlocked')
    asked = 0
    fs.chownSync(path, nobody, nobody)
    const options = { ...location(address), ...quiet }
    const attributes = { service: 'sesame', username: 'k' }
    expect(await probe(address)).toBe('no-bus')
    for (const question of [
      readSecret(options, attributes),
      writeSecret(options, { attributes, label: 'k' }, Buffer.from('1')),
      removeSecret(options, attributes),
    ])
      await expect(question).rejects.toMatchObject({ state: 'no-bus' })
    expect(asked).toBe(0)
  })

  test('by the runtime directory that was left in the environment too', async () => {
    const { path } = await unlockedBus()
    fs.chownSync(path, nobody, nobody)
    const options = { address: undefined, runtimeDirectory: join(path, '..'), uid, timeoutMs: 1000 }
    expect(await probeSecretService(options)).toMatchObject({ state: 'no-bus' })
    expect(await probeSecretService({ ...options, address: 'unix:runtime=yes' })).toMatchObject({
      state: 'no-bus',
    })
    const dead = { ...options, address: 'unix:path=/nonexistent/bus' }
    expect(await probeSecretService(dead)).toMatchObject({ state: 'no-bus' })
  })

  test('root may not use it either, and what a user owns is his', async () => {
    const { address, path } = await unlockedBus()
    fs.chownSync(path, 1000, 1000)
    expect(await probe(address)).toBe('no-bus')
    expect(objection(address, 1000)).toBeUndefined()
    expect(objection(address, 1001)).toContain('uid 1000')
  })

  test('ends the list of addresses: what set it may have set the others', async () => {
    const { address } = await unlockedBus()
    const foreign = await socketIn()
    fs.chownSync(foreign, nobody, nobody)
    expect(await probe(`unix:path=${foreign};${address}`)).toBe('no-bus')
    expect(await probe(`${address};unix:path=${foreign}`)).toBe('unlocked')
  })

  test('a link to it is looked through', async () => {
    const { path } = await unlockedBus()
    const link = join(root, 'link')
    fs.symlinkSync(path, link)
    expect(await probe(`unix:path=${link}`)).toBe('unlocked')
    fs.chownSync(path, nobody, nobody)
    expect(await probe(`unix:path=${link}`)).toBe('no-bus')
  })

  test.each<[string, (directory: string) => void, string]>([
    ['belongs to another user', (path) => fs.chownSync(path, nobody, nobody), 'belongs to another user'],
    ['may be written to by all', (path) => fs.chmodSync(path, 0o777), 'can be written to by other users'],
    ['may be written to by a group', (path) => fs.chmodSync(path, 0o770), 'can be written to by other users'],
  ])('a directory on its path that %s lets others replace it', async (_, change, why) => {
    const socket = await socketIn('a', 'b')
    expect(foreignSocket(socket, uid)).toBeUndefined()
    change(join(root, 'a'))
    const reason = foreignSocket(socket, uid)
    expect(reason).toContain('could be replaced by another user')
    expect(reason).toContain(`${join(root, 'a')} ${why}`)
  })

  test('a sticky directory such as /tmp does not', async () => {
    const socket = await socketIn('a')
    fs.chmodSync(join(root, 'a'), 0o1777)
    expect(foreignSocket(socket, uid)).toBeUndefined()
  })

  test('a link on the way that lies in an open directory does', async () => {
    const socket = await socketIn('a')
    fs.mkdirSync(join(root, 'open'))
    fs.chmodSync(join(root, 'open'), 0o777)
    fs.symlinkSync(join(root, 'a'), join(root, 'open', 'link'))
    expect(foreignSocket(socket, uid)).toBeUndefined()
    expect(foreignSocket(join(root, 'open', 'link', 'bus'), uid)).toContain('replaced')
  })

  test('the reason is said, by the keychain and by auto', async () => {
    const { address, path } = await unlockedBus()
    fs.chownSync(path, nobody, nobody)
    const warnings: string[] = []
    const options = {
      directory: root,
      platform: 'linux' as const,
      dbus: location(address),
      uid,
      interactive: () => false,
      clock: systemClock,
      log: () => {},
      warn: (line: string) => void warnings.push(line),
    }
    const said = expect.stringContaining(`${path} belongs to another user (uid ${nobody})`)
    await expect(keychainStore(options).write('k', '1')).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
      message: said,
    })
    await expect(keychainStore(options).read('k')).rejects.toMatchObject({ message: said })
    const { store, probe } = await openStore({
      ...options,
      choice: 'auto',
      passphraseAvailable: false,
      forWriting: true,
    })
    expect({ kind: store.kind, probe }).toEqual({ kind: 'memory', probe: 'no-bus' })
    expect(warnings).toEqual([said])
    expect(busRemark(options.dbus, uid)).toEqual(said)
  })
})

test('[case 107] an abstract address has no owner: it is used, and named by the doctor', async () => {
  const name = `sesame-test-${process.pid}-${Math.trunc(performance.now())}`
  const server = createServer((socket) => socket.end('REJECTED\r\n'))
  servers.push(server)
  let connections = 0
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(`\0${name}`, resolve))
  expect(foreignSocket(`\0${name}`, uid)).toBeUndefined()
  await probe(`unix:abstract=${name}`)
  expect(connections).toBe(1)
  expect(busRemark(location(`unix:abstract=${name}`), uid)).toContain('abstract')
  expect(busRemark(location('unix:path=/nonexistent/bus'), uid)).toBeUndefined()
})
