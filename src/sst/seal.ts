import { createCipheriv, type KeyObject, randomFillSync } from 'node:crypto'
import { openSync, readSync } from 'node:fs'
import { SesameError, t } from '../kit/index.ts'
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

const noncesPerFill = 341

/**
 * Nonces of two sources, either of which alone keeps them from repeating. One is prepared 341 at a time by OpenSSL, since a call per
 * token would take a third of sealing. A copy of this process (a virtual machine that was cloned or restored) has the same
 * ones prepared, and the state of OpenSSL with them; so each is combined with bytes which the kernel makes for it, and the
 * kernel is notified of clones. Where there is no such device, each nonce is fetched from OpenSSL when it is needed.
 */
export class NoncePool {
  readonly #prepare: (bytes: Buffer) => unknown
  readonly #readFresh: ((bytes: Buffer) => boolean) | undefined
  readonly #bytes = Buffer.allocUnsafeSlow(nonceLength * noncesPerFill)
  readonly #fresh = Buffer.allocUnsafeSlow(nonceLength)
  #used = this.#bytes.length

  /** The sources are given in tests only. */
  constructor(
    prepare: (bytes: Buffer) => unknown = randomFillSync,
    readFresh: ((bytes: Buffer) => boolean) | undefined = openKernelSource(),
  ) {
    this.#prepare = prepare
    this.#readFresh = readFresh
  }

  /** Writes the next nonce into the first 12 bytes of `target`. No nonce is given out twice. */
  next(target: Buffer): void {
    if (!this.#readFresh?.(this.#fresh)) {
      this.#prepare(this.#fresh)
      this.#fresh.copy(target)
      return
    }
    if (this.#used === this.#bytes.length) {
      this.#prepare(this.#bytes)
      this.#used = 0
    }
    for (let i = 0; i < nonceLength; i++) {
      target[i] = (this.#bytes[this.#used + i] ?? 0) ^ (this.#fresh[i] ?? 0)
    }
    this.#used += nonceLength
  }
}

let device: number | undefined

/** Reads random bytes of the kernel; undefined where it has no such device. The descriptor is one per process. */
function openKernelSource(): ((bytes: Buffer) => boolean) | undefined {
  if (process.platform === 'win32') return undefined
  try {
    device ??= openSync('/dev/urandom', 'r')
  } catch {
    return undefined
  }
  const fd = device
  return (bytes) => {
    try {
      return readSync(fd, bytes, 0, bytes.length, null) === bytes.length
    } catch {
      // Other code has closed the descriptor.
      return false
    }
  }
}
