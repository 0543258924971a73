/**
 * The D-Bus wire format as far as a Secret Service client needs it (D-Bus Specification, "Message Protocol" and
 * "Marshaling"): method calls out, replies and signals of either byte order in.
 */

export interface MethodCall {
  serial: number
  destination: string
  path: string
  interface: string
  member: string
  /** Types of the arguments, and the arguments written one after another. */
  signature?: string
  body?: BodyWriter
}

export interface Message {
  type: 'call' | 'return' | 'error' | 'signal' | 'other'
  replySerial: number | undefined
  errorName: string | undefined
  path: string | undefined
  member: string | undefined
  signature: string
  /** Reads the body's values one after another; each reads at its own alignment. */
  body: BodyReader
  /** Bytes of the whole message, for finding the next one. */
  length: number
}

const types = ['other', 'call', 'return', 'error', 'signal'] as const
const messageCall = 1
const field = { path: 1, interface: 2, member: 3, errorName: 4, replySerial: 5, destination: 6, signature: 8 }
const littleEndian = 0x6c
const bigEndian = 0x42
/** The specification's own limit is 128 MiB; nothing we ask for comes near this. */
const longestMessage = 2 ** 20

/** A method call, little-endian, ready to be sent. */
export function encodeMethodCall(call: MethodCall): Buffer {
  const { signature = '', body = new BodyWriter() } = call
  const header = new BodyWriter()
  header.byte(littleEndian).byte(messageCall).byte(0).byte(1).uint32(body.length).uint32(call.serial)
  header.array(8, () => {
    const put = (code: number, type: string, text: string) => {
      header.align(8).byte(code).signature(type)
      if (type === 'g') header.signature(text)
      else header.string(text)
    }
    put(field.path, 'o', call.path)
    put(field.interface, 's', call.interface)
    put(field.member, 's', call.member)
    put(field.destination, 's', call.destination)
    if (signature !== '') put(field.signature, 'g', signature)
  })
  return Buffer.concat([header.align(8).toBuffer(), body.toBuffer()])
}

/** The first message in `bytes`; undefined while it is incomplete. Throws a `RangeError` for what is no message. */
export function decodeMessage(bytes: Buffer): Message | undefined {
  if (bytes.length < 16) return undefined
  const order = bytes[0]
  if (order !== littleEndian && order !== bigEndian) throw new RangeError('not a D-Bus message')
  const reader = new BodyReader(bytes, order === littleEndian)
  const type = types[bytes[1] ?? 0] ?? 'other'
  reader.offset = 4
  const bodyLength = reader.uint32()
  reader.uint32()
  const fieldsEnd = 16 + reader.uint32()
  const bodyStart = Math.ceil(fieldsEnd / 8) * 8
  const length = bodyStart + bodyLength
  if (length > longestMessage) throw new RangeError('D-Bus message too long')
  if (bytes.length < length) return undefined
  const fields = new Map<number, string | number | Buffer>()
  while (reader.offset < fieldsEnd) {
    reader.align(8)
    const code = reader.byte()
    fields.set(code, reader.variant())
  }
  const text = (code: number) => {
    const value = fields.get(code)
    return typeof value === 'string' ? value : undefined
  }
  const replySerial = fields.get(field.replySerial)
  return {
    type,
    replySerial: typeof replySerial === 'number' ? replySerial : undefined,
    errorName: text(field.errorName),
    path: text(field.path),
    member: text(field.member),
    signature: text(field.signature) ?? '',
    body: new BodyReader(bytes.subarray(bodyStart, length), order === littleEndian),
    length,
  }
}

/** Reads values at their natural alignment; a value that reaches past the end throws a `RangeError`. */
class BodyReader {
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

  /** Room for so many bytes after what is written. */
  #reserve(more: number): void {
    const wanted = this.length + more
    if (wanted > longestMessage) throw new RangeError('D-Bus message too long')
    if (wanted <= this.#bytes.length) return
    const larger = Buffer.alloc(Math.max(wanted, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
