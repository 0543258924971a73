const wordsPerSlot = 4
const firstSlots = 1024

/** Above this share of used slots probing gets long. */
const fullest = 0.75

/** Bits per slot that rule out most absent tags. */
const hintsPerSlot = 4

/**
 * A set of tokens, known by their 16-byte tags, in two blocks of memory: 33 MiB for a million tokens, where a `Set` of
 * strings takes five times as much. Open addressing; tags are as good as random, so they are their own hash. A bit map
 * in front answers for nearly every token that is not in the set: it fits into the processor's cache, the slots do not.
 */
export class RevokedSet {
  #slots = new Uint32Array(firstSlots * wordsPerSlot)
  #hints = new Uint8Array((firstSlots * hintsPerSlot) / 8)
  #mask = firstSlots - 1
  #size = 0

  /** How many tags it holds. */
  get size(): number {
    return this.#size
  }

  /** True when the next tag makes it grow. */
  get isFull(): boolean {
    return this.#size >= (this.#mask + 1) * fullest
  }

  /** Bytes of memory that it takes. */
  get byteLength(): number {
    return this.#slots.byteLength + this.#hints.byteLength
  }

  has(sealed: Uint8Array): boolean {
    const end = sealed.length
    const b = word(sealed, end - 12)
    if (((this.#hints[this.#hintByte(b)] ?? 0) & (1 << (b & 7))) === 0) return false
    const slot = this.#find(word(sealed, end - 16), b, word(sealed, end - 8), last(sealed))
    return this.#slots[slot + 3] !== 0
  }

  add(sealed: Uint8Array): void {
    if (this.isFull) this.#grow()
    const end = sealed.length
    this.#put(word(sealed, end - 16), word(sealed, end - 12), word(sealed, end - 8), last(sealed))
  }

  #put(a: number, b: number, c: number, d: number): void {
    const slot = this.#find(a, b, c, d)
    if (this.#slots[slot + 3] !== 0) return
    this.#slots[slot] = a
    this.#slots[slot + 1] = b
    this.#slots[slot + 2] = c
    this.#slots[slot + 3] = d
    const at = this.#hintByte(b)
    this.#hints[at] = (this.#hints[at] ?? 0) | (1 << (b & 7))
    this.#size++
  }

  #hintByte(b: number): number {
    return (b >>> 3) & (this.#hints.length - 1)
  }

  /** The first word of the slot that holds this tag, or of the free one where it belongs. */
  #find(a: number, b: number, c: number, d: number): number {
    const slots = this.#slots
    for (let index = a & this.#mask; ; index = (index + 1) & this.#mask) {
      const slot = index * wordsPerSlot
      if (slots[slot + 3] === 0) return slot
      if (slots[slot] === a && slots[slot + 1] === b && slots[slot + 2] === c && slots[slot + 3] === d)
        return slot
    }
  }

  #grow(): void {
    const former = this.#slots
    this.#mask = this.#mask * 2 + 1
    this.#slots = new Uint32Array((this.#mask + 1) * wordsPerSlot)
    this.#hints = new Uint8Array(((this.#mask + 1) * hintsPerSlot) / 8)
    this.#size = 0
    for (let slot = 0; slot < former.length; slot += wordsPerSlot) {
      const d = former[slot + 3] ?? 0
      if (d !== 0) this.#put(former[slot] ?? 0, former[slot + 1] ?? 0, former[slot + 2] ?? 0, d)
    }
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  )
}

/** The fourth word is never 0, which marks a free slot; two tags that differ only in that are one in 2^128. */
function last(bytes: Uint8Array): number {
  return word(bytes, bytes.length - 4) || 1
}
