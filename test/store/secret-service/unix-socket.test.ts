import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRawPipe } from '../../../src/store/secret-service/pipe-handle.ts'
import { openNetSocket, type UnixSocketEvents } from '../../../src/store/secret-service/unix-socket.ts'

let directory: string
let server: Server
let connections: Socket[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sesame-socket-'))
  connections = []
})
afterEach(async () => {
  for (const connection of connections) connection.destroy()
  if (server?.listening) await new Promise((resolve) => server.close(resolve))
  rmSync(directory, { recursive: true })
})

function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const path = join(directory, 'socket')
  server = createServer((socket) => {
    connections.push(socket.on('error', () => socket.destroy()))
    onConnection(socket)
  })
  return new Promise((resolve) => server.listen(path, () => resolve(path)))
}

/** Opens, sends `hello` once connected, and gathers what comes until it ends or `enough` bytes are there. */
function talk(open: typeof openNetSocket, path: string, hello: Buffer, enough = Number.POSITIVE_INFINITY) {
  return new Promise<{ bytes: Buffer; connected: boolean; ended: boolean }>((resolve) => {
    const chunks: Buffer[] = []
    let connected = false
    const finish = (ended: boolean) => resolve({ bytes: Buffer.concat(chunks), connected, ended })
    const events: UnixSocketEvents = {
      connected() {
        connected = true
        socket.write(hello)
      },
      data(chunk) {
        chunks.push(Buffer.from(chunk))
        if (Buffer.concat(chunks).length < enough) return
        socket.destroy()
        finish(false)
      },
      ended: () => finish(true),
    }
    const socket = open(path, events)
  })
}

const rawPipe: typeof openNetSocket = (path, events) => {
  const socket = openRawPipe(path, events)
  if (socket === undefined) throw new Error('this Node has no pipe handle that we know')
  return socket
}

describe.each([
  ['the bare pipe handle', rawPipe],
  ['node:net', openNetSocket],
])('%s', (_name, open) => {
  test('carries bytes both ways, in order, also more than a socket takes at once', async () => {
    const path = await listen((socket) => socket.pipe(socket))
    const bytes = Buffer.from(Array.from({ length: 500_000 }, (_, i) => i % 251))
    const answer = await talk(open, path, bytes, bytes.length)
    expect(answer.connected).toBe(true)
    expect(answer.bytes.equals(bytes)).toBe(true)
  })

  test('says once that no server listens, or that the other side has gone', async () => {
    const refused = await talk(open, join(directory, 'nothing'), Buffer.from('x'))
    expect(refused).toMatchObject({ connected: false, ended: true })
    const path = await listen((socket) => socket.once('data', () => socket.end('bye')))
    const gone = await talk(open, path, Buffer.from('x'))
    expect(gone).toMatchObject({ connected: true, ended: true })
    expect(gone.bytes.toString()).toBe('bye')
  })

  test('is silent after destroy', async () => {
    let events = 0
    const path = await listen((socket) => socket.write('unasked'))
    const socket = open(path, { connected: () => events++, data: () => events++, ended: () => events++ })
    socket.destroy()
    socket.destroy()
    // Another connection's whole exchange is time enough for a late event.
    expect((await talk(open, path, Buffer.from('x'), 7)).bytes.toString()).toBe('unasked')
    expect(events).toBe(0)
  })
})

test('a Node in which the pipe handle was not tried gets none', () => {
  const { versions } = process
  Object.defineProperty(process, 'versions', { value: { ...versions, node: '99.0.0' } })
  try {
    expect(openRawPipe(join(directory, 'socket'), { connected() {}, data() {}, ended() {} })).toBeUndefined()
  } finally {
    Object.defineProperty(process, 'versions', { value: versions })
  }
})
