import type { AddressInfo, Server, Socket } from 'node:net'
import type { MockProxy, ProxyFault, ProxyOptions, Tunnel } from './tunnels.ts'

/** Binds a proxy to 127.0.0.1, and refuses connections where the fault says so. */
export async function listen(
  server: Server,
  scheme: string,
  options: ProxyOptions,
  tunnels: Tunnel[],
  state: { fault: ProxyFault | undefined },
): Promise<MockProxy> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (state.fault === 'refuse') socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const { auth } = options
  const userInfo = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@` : ''
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    urlWithAuth: `${scheme}://${userInfo}127.0.0.1:${port}`,
    port,
    tunnels,
    get connections() {
      return connections
    },
    get fault() {
      return state.fault
    },
    set fault(fault) {
      state.fault = fault
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
