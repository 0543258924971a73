import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { silentLog } from '../../src/kit/log.ts'
import { Secret } from '../../src/kit/secret.ts'
import type { CredentialStore } from '../../src/store/credential-store.ts'
import { encryptedFileStore } from '../../src/store/encrypted-file/encrypted-file.ts'
import { manageEncryptedFile } from '../../src/store/encrypted-file/manage-encrypted.ts'
import { writeOldStore } from '../support/old-encrypted-file.ts'
import { spawnSync } from '../support/run-sync.ts'
import { bundleWorker } from './bundle.ts'

const passphrase = 'open sesame'
/** Names as the session makes them, one of them too long for a file's name. */
const items = {
  'token:cloudsso:a': '{"secret":"Kanarienvogel-1"}',
  [`credentials:cloudsso:https%3A%2F%2Fsignin-cn-shanghai.alibabacloudsso.com%2Facme%2F${'X'.repeat(200)}`]:
    '{"secret":"Kanarienvogel-2"}',
  'secret:idaas:c': '{"secret":"Kanarienvogel-3"}',
}

let worker: Awaited<ReturnType<typeof bundleWorker>>
let directory: string
let warnings: string[]
beforeAll(async () => {
  worker = await bundleWorker('store-worker')
})
afterAll(() => worker.remove())
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'changes-'))
  warnings = []
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

const warn = (line: string) => void warnings.push(line)
const open = (text: string, where = directory): CredentialStore =>
  encryptedFileStore({ directory: where, clock: systemClock, warn, passphrase: async () => new Secret(text) })
const manage = (text: string) =>
  manageEncryptedFile({
    directory,
    clock: systemClock,
    log: silentLog,
    warn,
    platform: 'linux',
    uid: process.getuid?.(),
    runtimeDirectory: undefined,
    passphrase: async () => new Secret(text),
  })
const fileNames = (where = directory) =>
  fs.readdirSync(join(where, 'secrets')).filter((name) => name.endsWith('.json'))
const derivations = (where = directory) =>
  fileNames(where).map((name) => JSON.parse(fs.readFileSync(join(where, 'secrets', name), 'utf8')).kdf)

/** Every item, as this passphrase or key opens it. */
async function all(text: string, where = directory): Promise<Record<string, string | undefined>> {
  const store = open(text, where)
  const values: Record<string, string | undefined> = {}
  for (const name of Object.keys(items)) values[name] = await store.read(name)
  return values
}

const canKill =
  spawnSync('strace', ['-f', '-e', 'inject=rename:signal=SIGKILL:when=999', process.execPath, '-e', '0'])
    .status === 0

describe('a file of 0.1.0', () => {
  beforeEach(() => writeOldStore(directory, passphrase, items))

  test('[case 123] is read as it is, and not changed by that', async () => {
    expect(await all(passphrase)).toEqual(items)
    expect(new Set(derivations().map(({ p }) => p))).toEqual(new Set([1]))
    expect(manage(passphrase).look()).toMatchObject({ openedBy: 'passphrase', belowFloor: true })
  })

  test('[case 123] has today’s parameters in every file after the next write, and nothing is lost', async () => {
    await open(passphrase).write('new', '1')
    const kdfs = derivations()
    expect(kdfs).toHaveLength(5)
    for (const kdf of kdfs) expect(kdf).toEqual({ ...kdfs[0], N: 32768, r: 8, p: 3 })
    expect(await all(passphrase)).toEqual(items)
    expect(manage(passphrase).look()).toMatchObject({ belowFloor: false })
    await expect(all('another one')).rejects.toMatchObject({ code: 'ERR_STORE_PASSPHRASE' })
    expect(warnings).toEqual([])
    const [name = ''] = Object.keys(items)
    await open(passphrase).write(name, '"anew"')
    expect(await open(passphrase).read(name)).toBe('"anew"')
    expect(await open(passphrase).remove(name)).toBe(true)
    expect(await open(passphrase).read(name)).toBeUndefined()
  })

  test('a wrong passphrase changes nothing', async () => {
    const before = fileNames().map((name) => fs.readFileSync(join(directory, 'secrets', name), 'utf8'))
    await expect(open('another one').write('new', '1')).rejects.toMatchObject({
      code: 'ERR_STORE_PASSPHRASE',
    })
    expect(fileNames().map((name) => fs.readFileSync(join(directory, 'secrets', name), 'utf8'))).toEqual(
      before,
    )
  })

  test.runIf(canKill)(
    'killed at any step of that write, nothing is lost and the next write ends it',
    {
      timeout: 120_000,
    },
    async () => {
      let killed = 0
      for (let step = 1; ; step++) {
        const copy = fs.mkdtempSync(join(tmpdir(), 'killed-'))
        fs.cpSync(directory, copy, { recursive: true })
        const inject = [
          '-f',
          '-o',
          '/dev/null',
          '-e',
          'trace=rename',
          '-e',
          `inject=rename:signal=SIGKILL:when=${step}`,
        ]
        const words = [process.execPath, worker.file, 'encrypted-file', copy, 'write', 'new', '1']
        const { stdout } = spawnSync('strace', [...inject, ...words], {
          encoding: 'utf8',
          env: { ...process.env, PASSPHRASE: passphrase, FOR_WRITING: '1' },
        })
        expect(await all(passphrase, copy), `after step ${step}`).toEqual(items)
        const done = stdout !== ''
        if (!done) {
          killed++
          await open(passphrase, copy).write('new', '1')
          expect(await all(passphrase, copy), `healed after step ${step}`).toEqual(items)
        }
        expect(new Set(derivations(copy).map(({ p }) => p))).toEqual(new Set([3]))
        expect(new Set(derivations(copy).map(({ salt }) => salt)).size).toBe(1)
        fs.rmSync(copy, { recursive: true })
        if (done) break
      }
      // The verifier twice, each item, and the new one.
      expect(killed).toBe(6)
    },
  )

  test('what is written or removed while everything is sealed anew is not brought back', async () => {
    const [first = '', second = ''] = Object.keys(items)
    await Promise.all([
      open(passphrase).write('new', '1'),
      open(passphrase).write(first, '"newer"'),
      open(passphrase).remove(second),
    ])
    expect(await all(passphrase)).toEqual({ ...items, [first]: '"newer"', [second]: undefined })
  })
})

describe('a key of full strength', () => {
  test('takes the place of the passphrase, and every item is sealed under it', async () => {
    for (const [name, value] of Object.entries(items)) await open(passphrase).write(name, value)
    const { key, use } = await manage(passphrase).prepareNewKey()
    // Until then the passphrase holds.
    expect(await all(passphrase)).toEqual(items)
    await use()
    expect(await all(key.reveal())).toEqual(items)
    for (const kdf of derivations()) expect(kdf.name).toBe('hkdf-sha256')
    expect(manage(passphrase).look()).toMatchObject({ openedBy: 'key', belowFloor: false })
    await expect(all(passphrase)).rejects.toMatchObject({
      code: 'ERR_STORE_PASSPHRASE',
      hint: expect.stringContaining('key'),
    })
    expect(warnings).toEqual([])
  })

  test('replaces a former key any number of times', async () => {
    for (const [name, value] of Object.entries(items)) await open(passphrase).write(name, value)
    let current = passphrase
    for (let round = 0; round < 8; round++) {
      const { key, use } = await manage(current).prepareNewKey()
      await use()
      current = key.reveal()
      expect(await all(current)).toEqual(items)
    }
    expect(new Set(derivations().map(({ salt }) => salt)).size).toBe(1)
  })

  test('a process that runs on with the former passphrase loses nothing that it writes', async () => {
    const running = open(passphrase)
    await running.write('a', '1')
    const { key, use } = await manage(passphrase).prepareNewKey()
    await use()
    await running.write('a', '"renewed"')
    expect(await running.read('a')).toBe('"renewed"')
    expect(await open(key.reveal()).read('a')).toBe('"renewed"')
    await expect(open(passphrase).write('a', '2')).rejects.toMatchObject({ code: 'ERR_STORE_PASSPHRASE' })
  })

  test('without the present passphrase nothing is changed', async () => {
    await open(passphrase).write('a', '1')
    await expect(manage('another one').prepareNewKey()).rejects.toMatchObject({
      code: 'ERR_STORE_PASSPHRASE',
      hint: expect.stringContaining('present passphrase'),
    })
    expect(await open(passphrase).read('a')).toBe('1')
  })

  test('opens a new file without a slow derivation; a slip in it is said', async () => {
    const { key, use } = await manage('').prepareNewKey()
    await use()
    await open(key.reveal()).write('a', '1')
    expect(await open(`${key.reveal()}\n`).read('a')).toBe('1')
    await expect(open(`${key.reveal().slice(0, -1)}?`).read('a')).rejects.toMatchObject({
      code: 'ERR_STORE_PASSPHRASE',
      message: expect.stringContaining('checksum'),
    })
    const other = await manage(key.reveal()).prepareNewKey()
    await expect(open(other.key.reveal()).read('a')).rejects.toMatchObject({ code: 'ERR_STORE_PASSPHRASE' })
  })

  test('an item of a key that is lost is set aside, not an error for ever', async () => {
    await open(passphrase).write('a', '1')
    const item = fs.readFileSync(join(directory, 'secrets', 'a.json'))
    const { key, use } = await manage(passphrase).prepareNewKey()
    await use()
    writeOldStore(join(directory, 'other'), passphrase, { a: '2' })
    expect(item.length).toBeGreaterThan(0)
    fs.copyFileSync(join(directory, 'other', 'secrets', 'a.json'), join(directory, 'secrets', 'a.json'))
    expect(await open(key.reveal()).read('a')).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('.corrupt-')])
  })
})

describe('an item that was wrapped', () => {
  test('opens under no other name, and not without the mark', async () => {
    writeOldStore(directory, passphrase, { a: '1', b: '2' })
    await open(passphrase).write('c', '3')
    const path = (name: string) => join(directory, 'secrets', `${name}.json`)
    const a = fs.readFileSync(path('a'), 'utf8')
    expect(JSON.parse(a).wraps).toBe(true)
    fs.writeFileSync(path('b'), a)
    expect(await open(passphrase).read('b')).toBeUndefined()
    fs.writeFileSync(path('a'), a.replace(',"wraps":true', ''))
    expect(await open(passphrase).read('a')).toBeUndefined()
    expect(warnings).toHaveLength(2)
  })
})
