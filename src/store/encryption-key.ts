import type { ScryptOptions } from 'node:crypto'
import type { Secret } from '../secret.ts'

/** How the key was made from the passphrase (RFC 7914), as it stands in every envelope. */
export interface KeyDerivation {
  name: 'scrypt'
  N: number
  r: number
  p: number
  /** base64 */
  salt: string
}

/** About 90 ms and 32 MiB: what a person does not notice and a guesser does. */
export function newDerivation(): KeyDerivation {
  const salt = process.getBuiltinModule('node:crypto').randomBytes(16).toString('base64')
  return { name: 'scrypt', N: 32768, r: 8, p: 1, salt }
}

/** Parameters that a file may ask for: neither weaker than ours, nor so costly that they stop the machine. */
export function parseDerivation(value: unknown): KeyDerivation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { name, N, r, p, salt } = value as Partial<Record<keyof KeyDerivation, unknown>>
  const acceptable = [32768, 65536, 131072].includes(N as number) && r === 8 && p === 1
  if (name !== 'scrypt' || !acceptable || typeof salt !== 'string' || salt.length < 22 || salt.length > 88) {
    return undefined
  }
  return { name, N: N as number, r, p, salt }
}

/** Makes keys from one passphrase, each salt's only once. The passphrase is asked for when the first key is needed. */
export function keyDeriver(passphrase: () => Promise<Secret>): (kdf: KeyDerivation) => Promise<Buffer> {
  let asked: Promise<Secret> | undefined
  const keys = new Map<string, Promise<Buffer>>()
  return (kdf) => {
    const name = JSON.stringify([kdf.N, kdf.r, kdf.p, kdf.salt])
    asked ??= passphrase()
    const key = keys.get(name) ?? asked.then((secret) => scrypt(secret.reveal(), kdf))
    keys.set(name, key)
    return key
  }
}

function scrypt(passphrase: string, { N, r, p, salt }: KeyDerivation): Promise<Buffer> {
  const crypto = process.getBuiltinModule('node:crypto')
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r }
  // One passphrase can be typed in several Unicode forms.
  const normal = passphrase.normalize('NFC')
  return new Promise((resolve, reject) => {
    crypto.scrypt(normal, Buffer.from(salt, 'base64'), 32, options, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
