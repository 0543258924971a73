import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { guardConnections, type LoopbackConnections, tcpAccess } from '../../src/loopback/connections.ts'
import type { Connection, Peer } from '../../src/loopback/peer.ts'

const ourUid = process.geteuid?.() ?? 0
const own: Peer = { kind: 'user', uid: ourUid }
const other: Peer = { kind: 'user', uid: ourUid + 1 }

let server: Server
let connections: LoopbackConnections
let whose: (connection: Connection) => Promise<Peer>
let opened: Socket[]

beforeEach(async () => {
  opened = []
  whose = async () => own
  server = createServer(async (request, response) => {
    response.end(String(await connections.isOwn(request.socket)))
  })
  connections = guardConnections(server, tcpAccess({ peerOf: (connection) => whose(connection) }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const socket of opened) socket.destroy()
  connections.destroyAll()
  server.close()
})

/** A connection that the server has accepted, with half a request on it. */
async function hold(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () =>
    socket.destroy(),
  )
  opened.push(socket)
  await Promise.all([once(socket, 'connect'), once(server, 'connection')])
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n')
  return socket
}

/** Sends the other half, and gives the body of the answer, or nothing where the server has hung up. */
async function finish(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1').on('data', (part) => {
    text += part
  })
  socket.write('Connection: close\r\n\r\n')
  if (!socket.closed) await once(socket, 'close')
  return text.split('\r\n\r\n')[1] ?? ''
}

const openConnections = () =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

describe('[case 116] the bound', () => {
  test('the newest is let in and the oldest goes; no more than 128 are open', async () => {
    const first = await hold()
    for (let i = 0; i < 300; i++) await hold()
    await expect.poll(openConnections).toBeLessThanOrEqual(128)
    expect(await finish(first)).toBe('')
    expect(await finish(await hold())).toMatch(/true/)
  })

  test('a request that is being answered does not go', async () => {
    let decide: (peer: Peer) => void = () => {}
    whose = () =>
      new Promise((resolve) => {
        decide = resolve
      })
    const first = await hold()
    const requested = once(server, 'request')
    const answer = finish(first)
    await requested
    whose = async () => own
    const letThrough = decide
    for (let i = 0; i < 200; i++) await hold()
    letThrough(own)
    expect(await answer).toMatch(/true/)
  })

  test('connections of other users push out none of ours, and only 16 of them stay', async () => {
    const ours = await hold()
    whose = async () => other
    for (let i = 0; i < 300; i++) await hold()
    await expect.poll(openConnections).toBeLessThanOrEqual(17)
    expect(await finish(ours)).toMatch(/true/)
    expect(await finish(await hold())).toMatch(/false/)
  })
})

test('[case 105] one whose other end belongs to no process is not answered as ours', async () => {
  whose = async () => ({ kind: 'none' })
  expect(await finish(await hold())).toMatch(/false/)
  whose = async () => ({ kind: 'unknown' })
  expect(await finish(await hold())).toMatch(/true/)
})
