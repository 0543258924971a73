import { BodyReader, BodyWriter, longestMessage } from './marshalling.ts'

/*
 * Messages of D-Bus as far as a Secret Service client needs them (D-Bus Specification, "Message Protocol"): method calls out,
 * replies and signals of either byte order in.
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
