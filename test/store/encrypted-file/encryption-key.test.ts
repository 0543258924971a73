import { describe, expect, test } from 'vitest'
import { passphraseObjection } from '../../../src/kit/new-passphrase.ts'
import { knownSecrets, Secret } from '../../../src/kit/secret.ts'
import {
  deriveKey,
  isBelowFloor,
  newDerivation,
  parseDerivation,
} from '../../../src/store/encrypted-file/encryption-key.ts'
import {
  bytesOfKey,
  isFullStrengthKey,
  newFullStrengthKey,
} from '../../../src/store/encrypted-file/full-strength-key.ts'

const passphrase = new Secret('open sesame')

describe('the derivation', () => {
  test('[case 123] new files have the parameters that OWASP demands', () => {
    expect(newDerivation(passphrase)).toEqual({
      name: 'scrypt',
      N: 32768,
      r: 8,
      p: 3,
      salt: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
    })
    expect(isBelowFloor(newDerivation(passphrase))).toBe(false)
  })

  const salt = Buffer.alloc(16, 7).toString('base64')
  const scrypt = { name: 'scrypt', N: 32768, r: 8, p: 3, salt }

  test.each([
    ['0.1.0', { p: 1 }, true],
    ['the floor', {}, false],
    ['twice the memory, p=1', { N: 65536, p: 1 }, true],
    ['four times the memory', { N: 131072, p: 1 }, false],
    ['the costliest', { N: 131072, p: 3 }, false],
  ])('%s is read; below the floor: %j is %s', (_, change, below) => {
    const kdf = parseDerivation({ ...scrypt, ...change })
    expect(kdf).toEqual({ ...scrypt, ...change })
    expect(kdf && isBelowFloor(kdf)).toBe(below)
  })

  test.each([
    ['weaker memory', { N: 16384 }],
    ['minutes', { p: 4 }],
    ['gigabytes', { N: 2 ** 20 }],
    ['more memory by r', { r: 16 }],
    ['not a power of two', { N: 32769 }],
    ['no parallelism', { p: 0 }],
    ['a fraction', { p: 1.5 }],
    ['text', { N: '32768' }],
    ['a short salt', { salt: Buffer.alloc(15).toString('base64') }],
    ['a huge salt', { salt: Buffer.alloc(10_000).toString('base64') }],
    ['a salt of another spelling', { salt: `${salt.slice(0, -3)}R==` }],
    ['no salt', { salt: undefined }],
    ['another function', { name: 'pbkdf2' }],
    ['a prototype', { name: '__proto__' }],
  ])('[case 123] a planted file that asks for %s is not derived at all', (_, change) => {
    expect(parseDerivation({ ...scrypt, ...change })).toBeUndefined()
  })

  test.each([null, 1, 'scrypt', [], {}, { name: 'hkdf-sha256' }])('%j is none', (value) => {
    expect(parseDerivation(value)).toBeUndefined()
  })

  test('one passphrase and salt are derived once in a process, for every caller that opens the store', () => {
    const kdf = newDerivation(passphrase)
    expect(deriveKey(passphrase, kdf)).toBe(deriveKey(passphrase, { ...kdf }))
    expect(deriveKey(new Secret('open sesame'), kdf)).not.toBe(deriveKey(passphrase, kdf))
  })
})

describe('a key of full strength', () => {
  test('is 256 random bits in a form that is recognised, and known to the redaction', () => {
    const key = newFullStrengthKey()
    expect(key.reveal()).toMatch(/^sesame-key-1-[A-Za-z0-9_-]{48}$/)
    expect(bytesOfKey(key)).toHaveLength(32)
    expect(newFullStrengthKey().reveal()).not.toBe(key.reveal())
    expect(knownSecrets()).toContain(key.reveal())
    expect(`${key}`).toMatch(/^\[redacted/)
  })

  test('[case 123] needs no slow derivation: HKDF, another key for each salt', async () => {
    const key = newFullStrengthKey()
    const kdf = newDerivation(key)
    expect(kdf).toEqual({ name: 'hkdf-sha256', salt: expect.any(String) })
    const derived = await deriveKey(key, kdf)
    expect(derived).toHaveLength(32)
    expect(derived.equals(bytesOfKey(key))).toBe(false)
    expect(derived.equals(await deriveKey(key, newDerivation(key)))).toBe(false)
  })

  test('line ends around it, as files and pipes have them, do no harm', () => {
    const key = newFullStrengthKey()
    expect(bytesOfKey(new Secret(` ${key.reveal()}\r\n`))).toEqual(bytesOfKey(key))
  })

  test('a slip at any place, a lost or an additional character is a typing error', () => {
    const text = newFullStrengthKey().reveal()
    const start = 'sesame-key-1-'.length
    const slips = [...text.slice(start)].flatMap((char, i) => {
      const before = text.slice(0, start + i)
      const after = text.slice(start + i + 1)
      return [`${before}${char === 'A' ? 'B' : 'A'}${after}`, `${before}${after}`, `${before}!${after}`]
    })
    for (const slip of [...slips, `${text}A`, 'sesame-key-1-', text.replace('key-1', 'key-2')]) {
      const secret = new Secret(slip)
      expect(isFullStrengthKey(secret)).toBe(true)
      expect(() => bytesOfKey(secret), slip).toThrow(/checksum/)
    }
  })
})

describe('[case 123] a new passphrase', () => {
  test.each(['', 'p', '1234567', 'éééé', 'e\u0301e\u0301e\u0301e\u0301', '🔑🔑🔑🔑'])(
    '%j is too short',
    (text) => {
      expect(passphraseObjection(text)).toContain('8 characters')
    },
  )
  test.each(['12345678', 'open sesame', 'éééééééé', '🔑🔑🔑🔑🔑🔑🔑🔑'])('%j is long enough', (text) => {
    expect(passphraseObjection(text)).toBeUndefined()
  })
})
