import { createCipheriv, type KeyObject } from 'node:crypto'
import { SesameError, t } from '../kit/index.ts'
import { NoncePool } from './nonce-pool.ts'
import { cipherName, cipherOptions, nonceLength, tagLength } from './sealed-form.ts'

/** With random nonces a key is good for 2^32 tokens (NIST SP 800-38D section 8.3). */
export const mostPerKey = 2 ** 32

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
      throw new SesameError('ERR_CONFIG', t('The token key has sealed as many tokens as a key safely can.'), {
        hint: t('Put a new key first, and keep this one for opening.'),
      })
    }
    const length = Buffer.byteLength(content)
    const sealed = Buffer.allocUnsafe(nonceLength + length + tagLength)
    this.#nonces.next(sealed)
    const cipher = createCipheriv(cipherName, this.#key, sealed.subarray(0, nonceLength), cipherOptions)
    cipher.update(content, 'utf8').copy(sealed, nonceLength)
    cipher.final()
    cipher.getAuthTag().copy(sealed, nonceLength + length)
    return sealed
  }
}
