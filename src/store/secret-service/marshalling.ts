/*
 * Values on the wire (D-Bus Specification, "Marshaling"), as far as a Secret Service client needs them.
 */

/** The specification's own limit is 128 MiB; nothing we ask for comes near this. */
export const longestMessage = 2 ** 20

/** Reads values at their natural alignment; a value that reaches past the end throws a `RangeError`. */
export class BodyReader {
  readonly #bytes: Buffer
  readonly #littleEndian: boolean
  offset = 0

  constructor(bytes: Buffer, littleEndian: boolean) {
    this.#bytes = bytes
    this.#littleEndian = littleEndian
  }

  align(boundary: number): void {
    this.offset = Math.ceil(this.offset / boundary) * boundary
  }

  byte(): number {
    return this.#bytes.readUInt8(this.offset++)
  }

  uint32(): number {
    this.align(4)
    const at = this.offset
    this.offset += 4
    return this.#littleEndian ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at)
  }

  /** Times and the like: exact up to 2^53. */
  uint64(): number {
    this.align(8)
    const [first, second] = [this.uint32(), this.uint32()]
    return this.#littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second
  }

  boolean(): boolean {
    return this.uint32() !== 0
  }

  string(): string {
    return this.#text(this.uint32())
  }

  signature(): string {
    return this.#text(this.byte())
  }

  /** An array of bytes. */
  byteArray(): Buffer {
    const end = this.uint32() + this.offset
    if (end > this.#bytes.length) throw new RangeError('D-Bus array reaches past its message')
    const content = this.#bytes.subarray(this.offset, end)
    this.offset = end
    return content
  }

  /** An array of strings or object paths. */
  strings(): string[] {
    const end = this.uint32() + this.offset
    const items: string[] = []
    while (this.offset < end) items.push(this.string())
    return items
  }

  /** A variant of one of the types that occur in headers and in the answers we ask for. */
  variant(): string | number | Buffer {
    const type = this.signature()
    if (type === 's' || type === 'o') return this.string()
    if (type === 'g') return this.signature()
    if (type === 'u' || type === 'b' || type === 'i' || type === 'h') return this.uint32()
    if (type === 't') return this.uint64()
    if (type === 'ay') return this.byteArray()
    throw new RangeError(`D-Bus type ${type} is not expected here`)
  }

  #text(length: number): string {
    const end = this.offset + length
    if (end >= this.#bytes.length) throw new RangeError('D-Bus string reaches past its message')
    const text = this.#bytes.toString('utf8', this.offset, end)
    this.offset = end + 1
    return text
  }
}

/** Writes little-endian values at their natural alignment. */
export class BodyWriter {
  /** Zeroed, so that padding needs no writing. */
  #bytes = Buffer.alloc(1024)
  length = 0

  align(boundary: number): this {
    this.length = Math.ceil(this.length / boundary) * boundary
    return this
  }

  byte(value: number): this {
    this.#reserve(1)
    this.length = this.#bytes.writeUInt8(value, this.length)
    return this
  }

  uint32(value: number): this {
    this.align(4).#reserve(4)
    this.length = this.#bytes.writeUInt32LE(value, this.length)
    return this
  }

  boolean(value: boolean): this {
    return this.uint32(value ? 1 : 0)
  }

  /** A string or object path. */
  string(text: string): this {
    return this.uint32(Buffer.byteLength(text)).#text(text)
  }

  signature(text: string): this {
    return this.byte(text.length).#text(text)
  }

  byteArray(bytes: Uint8Array): this {
    this.uint32(bytes.length).#reserve(bytes.length)
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
    return this
  }

  /** The length in front counts from the first element, not from the padding before it. */
  array(elementAlignment: number, writeElements: () => void): this {
    const lengthAt = this.uint32(0).length - 4
    const start = this.align(elementAlignment).length
    writeElements()
    this.#bytes.writeUInt32LE(this.length - start, lengthAt)
    return this
  }

  /** An array of pairs of strings. */
  stringMap(entries: Record<string, string>): this {
    return this.array(8, () => {
      for (const [name, value] of Object.entries(entries)) this.align(8).string(name).string(value)
    })
  }

  toBuffer(): Buffer {
    this.#reserve(0)
    return this.#bytes.subarray(0, this.length)
  }

  #text(text: string): this {
    const size = Buffer.byteLength(text)
    this.#reserve(size + 1)
    this.#bytes.write(text, this.length)
    this.length += size + 1
    return this
  }

  /** Makes place for so many bytes after what is written. */
  #reserve(more: number): void {
    const wanted = this.length + more
    if (wanted > longestMessage) throw new RangeError('D-Bus message too long')
    if (wanted <= this.#bytes.length) return
    const larger = Buffer.alloc(Math.max(wanted, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
