import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { Secret } from '../../src/kit/secret.ts'
import type { CredentialStore } from '../../src/store/credential-store.ts'
import { encryptedFileStore } from '../../src/store/encrypted-file/encrypted-file.ts'
import { fileNameOf } from '../../src/store/item-file.ts'
import { plaintextFileStore } from '../../src/store/plaintext-file.ts'
import { spawnSync } from '../support/run-sync.ts'
import { deriveCheaply } from '../support/scrypt-once.ts'

// Dozens of stores; the derivation itself is tested in encrypted-changes.test.ts, against an independent one.
deriveCheaply()

const isRoot = process.getuid?.() === 0
const nobody = 65534

let directory: string
let warnings: string[]
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'files-'))
  warnings = []
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

const key =
  'credentials:cloudsso:https%3A%2F%2Fsignin-cn-shanghai.alibabacloudsso.com%2Facme%2Flogin:app-x:ac-01jp'
const value = '{"secret":"Kanarienvogel-ä"}'
const common = () => ({ directory, clock: systemClock, warn: (line: string) => void warnings.push(line) })
const plaintext = () => plaintextFileStore(common())
const encrypted = (passphrase = 'open sesame') =>
  encryptedFileStore({ ...common(), passphrase: async () => new Secret(passphrase) })
const folder = { plaintext: 'plaintext-secrets', 'encrypted-file': 'secrets' } as Record<string, string>
const fileOf = (store: CredentialStore, name = key) =>
  join(directory, folder[store.kind] ?? '', `${fileNameOf(name)}.json`)

describe.each([
  ['plaintext', plaintext],
  ['encrypted-file', encrypted],
])('%s', (_, open) => {
  test('an item is kept for the next process, and removed once', async () => {
    await open().write(key, value)
    expect(await open().read(key)).toBe(value)
    expect(await open().remove(key)).toBe(true)
    expect(await open().remove(key)).toBe(false)
    expect(await open().read(key)).toBeUndefined()
  })

  test('[case 34] files are 0600 in directories of 0700', async () => {
    const store = open()
    await store.write(key, value)
    expect(fs.statSync(fileOf(store)).mode & 0o777).toBe(0o600)
    expect(fs.statSync(join(fileOf(store), '..')).mode & 0o777).toBe(0o700)
  })

  test.each([
    ['empty', ''],
    ['truncated', undefined],
    ['not JSON', 'rubbish'],
    ['with a byte-order mark', '\ufeff{"v":1}'],
    ['NUL', '\0\0\0\0'],
    ['null', 'null'],
    ['an array', '[]'],
    ['of wrong types', '{"v":1,"key":1,"value":{},"kdf":[],"nonce":2,"data":null}'],
    ['__proto__', '{"v":1,"__proto__":{"key":"k","value":"1"}}'],
    ['of a future version', '{"v":2,"key":"k","value":"1"}'],
    ['10 MB', ' '.repeat(10 ** 7)],
  ])('[case 38] content %s is kept aside and reads as absent', async (_name, content) => {
    const store = open()
    await store.write(key, value)
    const file = fileOf(store)
    const damaged = content ?? fs.readFileSync(file, 'utf8').slice(0, -20)
    fs.writeFileSync(file, damaged)
    expect(await store.read(key)).toBeUndefined()
    const [aside] = fs.readdirSync(join(file, '..')).filter((name) => name.includes('.corrupt-'))
    expect(fs.readFileSync(join(file, '..', aside ?? ''), 'utf8')).toBe(damaged)
    expect(fs.statSync(join(file, '..', aside ?? '')).mode & 0o777).toBe(0o600)
    expect(warnings).toEqual([expect.stringContaining('.corrupt-')])
    expect(warnings.join()).not.toContain('Kanarienvogel')
    await store.write(key, value)
    expect(await store.read(key)).toBe(value)
    await store.remove(key)
    expect(fs.readdirSync(join(file, '..')).join()).not.toContain('corrupt')
  })

  test("an item does not open under another item's name", async () => {
    const store = open()
    await store.write(key, value)
    await store.write('other', '{}')
    fs.copyFileSync(fileOf(store), fileOf(store, 'other'))
    expect(await store.read('other')).toBeUndefined()
    expect(await store.read(key)).toBe(value)
  })

  test('[case 36] a link in place of an item is an error, not an absence', async () => {
    const store = open()
    await store.write(key, value)
    fs.renameSync(fileOf(store), join(directory, 'moved'))
    fs.symlinkSync(join(directory, 'moved'), fileOf(store))
    await expect(store.read(key)).rejects.toMatchObject({ code: 'ERR_FILE' })
  })

  describe('[case 108] the directory of the items', () => {
    const above = (store: CredentialStore) => join(fileOf(store), '..')

    test.runIf(isRoot)("another user's is refused, for reading as well", async () => {
      const store = open()
      await store.write(key, value)
      fs.chownSync(above(store), nobody, nobody)
      for (const act of [() => open().read(key), () => open().write(key, value), () => open().read('other')])
        await expect(act()).rejects.toMatchObject({
          code: 'ERR_FILE',
          message: expect.stringContaining('belongs to another user'),
        })
      fs.chownSync(above(store), 0, 0)
      fs.chownSync(directory, nobody, nobody)
      await expect(open().read(key)).rejects.toMatchObject({ code: 'ERR_FILE' })
    })

    test.runIf(isRoot)("another user's file is refused", async () => {
      const store = open()
      await store.write(key, value)
      fs.chownSync(fileOf(store), nobody, nobody)
      await expect(open().read(key)).rejects.toMatchObject({ code: 'ERR_FILE' })
    })

    test.each([0o777, 0o770, 0o720])(
      'one that others may write to (%o) is closed when it is read',
      async (mode) => {
        const store = open()
        await store.write(key, value)
        for (const path of [above(store), directory]) {
          fs.chmodSync(path, mode)
          expect(await open().read(key)).toBe(value)
          expect(fs.statSync(path).mode & 0o777).toBe(0o700)
          expect(warnings.splice(0)).toEqual([
            expect.stringContaining(`${path} could be written to by other users`),
          ])
        }
      },
    )

    test('a link in its place is refused', async () => {
      const store = open()
      await store.write(key, value)
      fs.renameSync(above(store), join(directory, 'moved'))
      fs.symlinkSync(join(directory, 'moved'), above(store))
      await expect(open().read(key)).rejects.toMatchObject({ code: 'ERR_FILE' })
    })
  })

  test('[case 42] P: any keys make names inside the directory, and each its own', async () => {
    const store = plaintext()
    const keys = fc.uniqueArray(fc.string({ unit: fc.constantFrom(...'aA/.-%"\\:~ $;é'), minLength: 1 }), {
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(keys, async (names) => {
        for (const name of names) await store.write(name, JSON.stringify(name))
        for (const name of names) expect(await store.read(name)).toBe(JSON.stringify(name))
        for (const name of names) expect(await store.remove(name)).toBe(true)
      }),
      { numRuns: 25 },
    )
    expect(fs.readdirSync(directory).every((name) => Object.values(folder).includes(name))).toBe(true)
  })
})

describe('file names', () => {
  test.each([
    ['Az:1', '%41z%3a1'],
    ['..', '%2e.'],
    ['a.b', 'a.b'],
    ['é/\0', '%c3%a9%2f%00'],
  ])('[case 42] %j becomes %s', (name, expected) => {
    expect(fileNameOf(name)).toBe(expected)
  })

  test('[case 42] long names are cut, stay apart, and hold nothing but safe characters', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 170, maxLength: 4000 }), (name) => {
        expect(fileNameOf(name)).toMatch(/^[a-z0-9_%-][a-z0-9._%-]{0,179}$/)
        expect(fileNameOf(`${name}1`)).not.toBe(fileNameOf(`${name}2`))
      }),
    )
  })
})

describe('encrypted', () => {
  test('neither the value nor the passphrase is on the disk', async () => {
    await encrypted().write(key, value)
    const grep = spawnSync('grep', ['-rlE', 'Kanarienvogel|open sesame', directory])
    expect(grep.status).toBe(1)
  })

  test('a wrong passphrase is said, and moves nothing away', async () => {
    await encrypted().write(key, value)
    const wrong = encrypted('wrong')
    await expect(wrong.read(key)).rejects.toMatchObject({ code: 'ERR_STORE_PASSPHRASE' })
    await expect(wrong.write(key, '{}')).rejects.toMatchObject({ code: 'ERR_STORE_PASSPHRASE' })
    expect(await encrypted().read(key)).toBe(value)
    expect(warnings).toEqual([])
  })

  test('one flipped bit in the data is damage, not a wrong passphrase', async () => {
    const store = encrypted()
    await store.write(key, value)
    const envelope = JSON.parse(fs.readFileSync(fileOf(store), 'utf8'))
    const data = Buffer.from(envelope.data, 'base64')
    data.writeUInt8(data.readUInt8(0) ^ 1, 0)
    fs.writeFileSync(fileOf(store), JSON.stringify({ ...envelope, data: data.toString('base64') }))
    expect(await encrypted().read(key)).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('damaged')])
  })

  test.each([
    ['weaker', { N: 2 }],
    ['costlier', { N: 2 ** 30 }],
    ['unknown', { name: 'md5' }],
  ])('[case 38] a file that asks for a %s key derivation is set aside', async (_, change) => {
    const store = encrypted()
    await store.write(key, value)
    const envelope = JSON.parse(fs.readFileSync(fileOf(store), 'utf8'))
    fs.writeFileSync(fileOf(store), JSON.stringify({ ...envelope, kdf: { ...envelope.kdf, ...change } }))
    expect(await encrypted().read(key)).toBeUndefined()
    expect(warnings).toHaveLength(1)
  })

  test('the passphrase is asked for once, and not for an item that is not there', async () => {
    let asked = 0
    const store = encryptedFileStore({
      ...common(),
      passphrase: async () => {
        asked++
        return new Secret('open sesame')
      },
    })
    expect(await store.read(key)).toBeUndefined()
    expect(asked).toBe(0)
    await store.write('a', '1')
    await store.write('b', '2')
    expect(await store.read('a')).toBe('1')
    expect(asked).toBe(1)
  })

  test('nonces differ from write to write', async () => {
    const store = encrypted()
    const nonces = new Set<string>()
    for (let i = 0; i < 20; i++) {
      await store.write(key, value)
      nonces.add(JSON.parse(fs.readFileSync(fileOf(store), 'utf8')).nonce)
    }
    expect(nonces.size).toBe(20)
  })
})
