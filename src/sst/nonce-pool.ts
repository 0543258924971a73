import { randomFillSync } from 'node:crypto'

const nonceLength = 12
const noncesPerFill = 341

/** Nonces from the system's random numbers, fetched 341 at a time: one call per token would cost a quarter of sealing. */
export class NoncePool {
  readonly #bytes = Buffer.allocUnsafeSlow(nonceLength * noncesPerFill)
  #used = this.#bytes.length

  /** Writes the next nonce into the first 12 bytes of `target`. No nonce is given out twice. */
  next(target: Buffer): void {
    if (this.#used === this.#bytes.length) {
      randomFillSync(this.#bytes)
      this.#used = 0
    }
    this.#bytes.copy(target, 0, this.#used, this.#used + nonceLength)
    this.#used += nonceLength
  }
}
