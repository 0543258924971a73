import { createDecipheriv, type KeyObject } from 'node:crypto'
import { cipherName, cipherOptions, nonceLength, tagLength } from './sealed-form.ts'
import type { OpeningKey } from './sealing-key.ts'

/** Sealed bytes, and what they are made of. */
interface Parts {
  sealed: Buffer
  ciphertext: Buffer
  tag: Buffer
}

/** What is opened where there is nothing to open: every forgery costs the same time. */
const decoyLength = 52

/** The parts of longer ones are cut out anew each time, so that what callers send does not fill the memory. */
const longestKept = 1024

/**
 * Opens sealed bytes. They are laid into one place, whose parts are cut out once per length: new buffers for each token
 * would cost a sixth of the cipher.
 */
export class Opener {
  /** The sealed bytes go to its beginning. */
  readonly place: Buffer
  readonly #keys: readonly OpeningKey[]
  readonly #nonce: Buffer
  readonly #partsOfLength: (Parts | undefined)[] = []

  constructor(keys: readonly OpeningKey[], longestSealed: number) {
    this.#keys = keys
    this.place = Buffer.alloc(longestSealed)
    this.#nonce = this.place.subarray(0, nonceLength)
  }

  /**
   * The content of the first `length` bytes of the place, opened with whichever key fits; undefined when none does, for
   * whatever reason. Nothing of the content is handed out before its tag has been checked, and the tag has 16 bytes or
   * there is none. A length of 0 stands for no token, and is given as much work.
   */
  open(length: number, now: Date): Buffer | undefined {
    if (length === 0) this.place.fill(0, 0, decoyLength)
    const parts = this.#partsOf(length === 0 ? decoyLength : length)
    for (const { key, until } of this.#keys) {
      // What cannot be compared is not before it.
      if (until !== undefined && !(now < until)) continue
      const content = this.#openWith(key, parts)
      if (content !== undefined) return content
    }
    return undefined
  }

  /** The sealed bytes of that length, until the next ones are laid into the place. */
  sealed(length: number): Buffer {
    return this.#partsOf(length).sealed
  }

  #partsOf(length: number): Parts {
    const known = this.#partsOfLength[length]
    if (known !== undefined) return known
    const tagAt = length - tagLength
    const parts = {
      sealed: this.place.subarray(0, length),
      ciphertext: this.place.subarray(nonceLength, tagAt),
      tag: this.place.subarray(tagAt, length),
    }
    if (length <= longestKept) this.#partsOfLength[length] = parts
    return parts
  }

  #openWith(key: KeyObject, { ciphertext, tag }: Parts): Buffer | undefined {
    const decipher = createDecipheriv(cipherName, key, this.#nonce, cipherOptions)
    decipher.setAuthTag(tag)
    const content = decipher.update(ciphertext)
    try {
      decipher.final()
    } catch (error) {
      // The only way in which `final` fails is a tag that does not match: an answer, not a fault.
      if (error instanceof Error) return undefined
      throw error
    }
    return content
  }
}
