import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeMessage, type Message } from '../../src/store/secret-service/message.ts'

export interface FakeBus {
  address: string
  close(): void
}

/** Answers a client's messages in the order they come; `serial` counts from 1 (the greeting). */
export type Answer = (message: Message, serial: number, reply: (bytes: Buffer) => void) => void

/** What the bus says to a line of the client's authentication, in pieces as they are written. */
export type Authentication = (line: string) => readonly (string | Buffer)[]

const acceptAll: Authentication = () => ['OK 0123456789abcdef\r\n']

/** A session bus that says what the test wants, down to the single byte; left to itself it accepts every client. */
export async function startFakeBus(answer: Answer, authentication = acceptAll): Promise<FakeBus> {
  const directory = mkdtempSync(join(tmpdir(), 'bus-'))
  const path = join(directory, 'bus')
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let received: Buffer = Buffer.alloc(0)
    let greeted = false
    let serial = 0
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      while (!greeted && received.includes('\r\n')) {
        const end = received.indexOf('\r\n')
        const line = received.toString('latin1', 0, end)
        received = received.subarray(end + 2)
        if (line === 'BEGIN') greeted = true
        else for (const bytes of authentication(line)) socket.write(bytes)
      }
      if (!greeted) return
      for (let message = decodeMessage(received); message; message = decodeMessage(received)) {
        received = received.subarray(message.length)
        serial++
        answer(message, serial, (bytes) => void socket.write(bytes))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return {
    address: `unix:path=${path}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

interface Reply {
  type: 'return' | 'error' | 'signal'
  replySerial?: number
  errorName?: string
  path?: string
  member?: string
  signature?: string
  body?: Buffer
}

/** A message from the other side, in either byte order, written out independently of the code under test. */
export function encodeReply(reply: Reply, order: 'little' | 'big' = 'little'): Buffer {
  const uint32 = (value: number) => {
    const bytes = Buffer.alloc(4)
    if (order === 'little') bytes.writeUInt32LE(value)
    else bytes.writeUInt32BE(value)
    return bytes
  }
  const pad = (bytes: Buffer, to: number) =>
    Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)])
  let fields = Buffer.alloc(0)
  const field = (code: number, type: string, value: Buffer) => {
    fields = Buffer.concat([pad(fields, 8), Buffer.from([code, 1, type.charCodeAt(0), 0]), value])
  }
  const text = (value: string) => Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(`${value}\0`)])
  if (reply.path) field(1, 'o', text(reply.path))
  if (reply.member) field(3, 's', text(reply.member))
  if (reply.errorName) field(4, 's', text(reply.errorName))
  if (reply.replySerial) field(5, 'u', uint32(reply.replySerial))
  if (reply.signature) {
    field(8, 'g', Buffer.concat([Buffer.from([reply.signature.length]), Buffer.from(`${reply.signature}\0`)]))
  }
  const type = { return: 2, error: 3, signal: 4 }[reply.type]
  const body = reply.body ?? Buffer.alloc(0)
  const start = Buffer.from([order === 'little' ? 0x6c : 0x42, type, 0, 1])
  const header = Buffer.concat([start, uint32(body.length), uint32(77), uint32(fields.length), fields])
  return Buffer.concat([pad(header, 8), body])
}

/** A boolean in a variant, as `Properties.Get` answers. */
export function booleanVariant(value: boolean, order: 'little' | 'big'): Buffer {
  const number = order === 'little' ? [value ? 1 : 0, 0, 0, 0] : [0, 0, 0, value ? 1 : 0]
  return Buffer.from([1, 'b'.charCodeAt(0), 0, 0, ...number])
}
