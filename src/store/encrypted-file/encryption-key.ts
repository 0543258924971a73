import type { ScryptOptions } from 'node:crypto'
import type { Secret } from '../../kit/index.ts'
import { bytesOfKey, isFullStrengthKey } from './full-strength-key.ts'

/** How the key was made from a passphrase (RFC 7914), as it stands in every envelope. */
interface ScryptDerivation {
  name: 'scrypt'
  N: number
  r: number
  p: number
  /** base64 */
  salt: string
}

/** How it was made from a passphrase that is a key of full strength itself (RFC 5869). */
interface HkdfDerivation {
  name: 'hkdf-sha256'
  /** base64 */
  salt: string
}

export type KeyDerivation = ScryptDerivation | HkdfDerivation

/** OWASP's floor for scrypt at r=8: about 250 ms and 32 MiB a guess. */
const floor = { N: 32768, r: 8, p: 3 }

/** A derivation of its own, with a new salt, for what will be sealed under this passphrase. */
export function newDerivation(passphrase: Secret): KeyDerivation {
  const salt = process.getBuiltinModule('node:crypto').randomBytes(16).toString('base64')
  return isFullStrengthKey(passphrase) ? { name: 'hkdf-sha256', salt } : { name: 'scrypt', ...floor, salt }
}

/** Parameters that a file may ask for: not weaker than those of 0.1.0, nor so costly that they stop the machine. */
export function parseDerivation(value: unknown): KeyDerivation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { name, N, r, p, salt } = value as Partial<Record<keyof ScryptDerivation, unknown>>
  if (typeof salt !== 'string' || !isSalt(salt)) return undefined
  if (name === 'hkdf-sha256') return { name, salt }
  // At most 1.5 s and 128 MiB: a planted file must not stop the machine.
  const acceptable =
    [32768, 65536, 131072].includes(N as number) && r === 8 && [1, 2, 3].includes(p as number)
  return name === 'scrypt' && acceptable ? { name, N: N as number, r, p: p as number, salt } : undefined
}

function isSalt(text: string): boolean {
  if (text.length > 88) return false
  const bytes = Buffer.from(text, 'base64')
  return bytes.length >= 16 && bytes.toString('base64') === text
}

/** True for parameters below OWASP's floor, as 0.1.0 wrote them. */
export function isBelowFloor(kdf: KeyDerivation): boolean {
  return kdf.name === 'scrypt' && kdf.N * kdf.p < floor.N * floor.p
}

/** Whether this passphrase is of the kind from which such a key is made. */
export function fits(passphrase: Secret, kdf: KeyDerivation): boolean {
  return isFullStrengthKey(passphrase) === (kdf.name === 'hkdf-sha256')
}

/** Keys that this process has made: a derivation is slow on purpose, and is paid once, however often the store is opened. */
const derived = new WeakMap<Secret, Map<string, Promise<Buffer>>>()

/** The 32 bytes that items are sealed with. @throws SesameError ERR_STORE_PASSPHRASE for a key with a typing error */
export function deriveKey(passphrase: Secret, kdf: KeyDerivation): Promise<Buffer> {
  const keys = derived.get(passphrase) ?? new Map<string, Promise<Buffer>>()
  derived.set(passphrase, keys)
  const name = JSON.stringify(kdf)
  const key = keys.get(name) ?? (kdf.name === 'scrypt' ? scrypt(passphrase, kdf) : hkdf(passphrase, kdf))
  keys.set(name, key)
  return key
}

function scrypt(passphrase: Secret, { N, r, p, salt }: ScryptDerivation): Promise<Buffer> {
  const crypto = process.getBuiltinModule('node:crypto')
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r }
  // One passphrase can be typed in several Unicode forms.
  const normal = passphrase.reveal().normalize('NFC')
  return new Promise((resolve, reject) => {
    crypto.scrypt(normal, Buffer.from(salt, 'base64'), 32, options, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}

async function hkdf(passphrase: Secret, { salt }: HkdfDerivation): Promise<Buffer> {
  const { hkdfSync } = process.getBuiltinModule('node:crypto')
  const bytes = hkdfSync(
    'sha256',
    bytesOfKey(passphrase),
    Buffer.from(salt, 'base64'),
    'sesame encrypted file v1',
    32,
  )
  return Buffer.from(bytes)
}
