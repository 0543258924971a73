import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { SesameError } from '../errors.ts'
import { NoncePool } from './nonce-pool.ts'
import type { OpeningKey } from './sealing-key.ts'

const nonceLength = 12
const tagLength = 16
const cipherName = 'aes-256-gcm'
const options = { authTagLength: tagLength }

/** With random nonces a key is good for 2^32 tokens (NIST SP 800-38D section 8.3). */
const mostPerKey = 2 ** 32

/** Seals texts with one key: 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
export class Sealer {
  readonly #key: KeyObject
  readonly #nonces = new NoncePool()
  #left: number

  constructor(key: KeyObject, limit: number = mostPerKey) {
    this.#key = key
    this.#left = limit
  }

  /** @throws SesameError ERR_CONFIG when this process has sealed as much as one key may */
  seal(content: string): Buffer {
    if (this.#left-- <= 0) {
      throw new SesameError('ERR_CONFIG', 'The token key has sealed as many tokens as a key safely can.', {
        hint: 'Put a new key first, and keep this one for opening.',
      })
    }
    const length = Buffer.byteLength(content)
    const sealed = Buffer.allocUnsafe(nonceLength + length + tagLength)
    this.#nonces.next(sealed)
    const cipher = createCipheriv(cipherName, this.#key, sealed.subarray(0, nonceLength), options)
    cipher.update(content, 'utf8').copy(sealed, nonceLength)
    cipher.final()
    cipher.getAuthTag().copy(sealed, nonceLength + length)
    return sealed
  }
}

/**
 * Opens sealed bytes with whichever key fits; undefined when none does, for whatever reason. Nothing of the content is
 * handed out before its tag has been checked, and the tag has 16 bytes or there is none.
 */
export function openSealed(sealed: Buffer, keys: readonly OpeningKey[], now: Date): Buffer | undefined {
  for (const { key, until } of keys) {
    if (until !== undefined && now >= until) continue
    const content = openWith(key, sealed)
    if (content !== undefined) return content
  }
  return undefined
}

function openWith(key: KeyObject, sealed: Buffer): Buffer | undefined {
  const tagAt = sealed.length - tagLength
  const decipher = createDecipheriv(cipherName, key, sealed.subarray(0, nonceLength), options)
  decipher.setAuthTag(sealed.subarray(tagAt))
  const content = decipher.update(sealed.subarray(nonceLength, tagAt))
  try {
    decipher.final()
  } catch (error) {
    // The only way in which `final` fails is a tag that does not match: an answer, not a fault.
    if (error instanceof Error) return undefined
    throw error
  }
  return content
}
