import { type AddressInfo, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server that sends the same bytes to whatever it is asked, once or again and again; ends with the test. */
export async function serveBytes(
  bytes: string | Buffer,
  { everyMs }: { everyMs?: number } = {},
): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // The client may reset the connection, which is its good right here.
    socket.on('error', () => socket.destroy())
    socket.once('data', () => {
      socket.write(bytes)
      if (everyMs === undefined) return
      const timer = setInterval(() => socket.write(bytes), everyMs)
      socket.once('close', () => clearInterval(timer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
