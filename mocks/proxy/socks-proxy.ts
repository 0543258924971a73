import { createServer, type Socket } from 'node:net'
import { createByteReader } from './byte-reader.ts'
import { listen } from './listen.ts'
import {
  htmlPage,
  joinSockets,
  type MockProxy,
  openUpstream,
  type ProxyFault,
  type ProxyOptions,
  reachable,
  type Tunnel,
} from './tunnels.ts'

const noMethod = 0xff
const passwordMethod = 0x02
const replies = { succeeded: 0x00, notAllowed: 0x02, refused: 0x05, commandNotSupported: 0x07 }

/** A SOCKS5 proxy on 127.0.0.1: CONNECT only (RFC 1928), with password authentication (RFC 1929) if asked for. */
export async function startSocksProxy(options: ProxyOptions = {}): Promise<MockProxy> {
  const tunnels: Tunnel[] = []
  const state: { fault: ProxyFault | undefined } = { fault: options.fault }
  const server = createServer((client) => {
    client.on('error', () => client.destroy())
    if (state.fault === 'dead' || state.fault === 'refuse') {
      client.resume()
      return
    }
    if (state.fault === 'html') {
      client.end(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n${htmlPage}`)
      return
    }
    void serve(client, options, tunnels, state)
  })
  return listen(server, 'socks5', options, tunnels, state)
}

async function serve(
  client: Socket,
  options: ProxyOptions,
  tunnels: Tunnel[],
  state: { fault: ProxyFault | undefined },
): Promise<void> {
  const reader = createByteReader(client)
  const [version = 0, methodCount = 0] = await reader.take(2)
  const methods = await reader.take(methodCount)
  const method = options.auth ? passwordMethod : 0x00
  if (version !== 5 || !methods.includes(method) || state.fault === 'auth-required') {
    client.end(Buffer.from([5, noMethod]))
    return
  }
  client.write(Buffer.from([5, method]))

  let presented: string | undefined
  if (options.auth) {
    const [, userLength = 0] = await reader.take(2)
    const user = (await reader.take(userLength)).toString('utf8')
    const [passwordLength = 0] = await reader.take(1)
    presented = `${user}:${(await reader.take(passwordLength)).toString('utf8')}`
    const accepted = presented === `${options.auth.user}:${options.auth.password}`
    const answer = Buffer.from([1, accepted ? 0 : 1])
    if (!accepted) {
      tunnels.push(record('', 'name', 'auth-failed', presented))
      client.end(answer)
      return
    }
    client.write(answer)
  }

  const [, command, , type = 0] = await reader.take(4)
  const { host, addressType } = await readAddress(reader, type)
  const port = (await reader.take(2)).readUInt16BE()
  const target = `${host}:${port}`
  const to = reachable(target, options.hosts)
  tunnels.push(record(target, addressType, to ? 'open' : 'refused', presented))
  if (command !== 1) return endWith(client, replies.commandNotSupported)
  if (to === undefined) return endWith(client, replies.notAllowed)
  const upstream = await openUpstream(to)
  if (typeof upstream === 'string') return endWith(client, replies.refused)
  client.write(reply(replies.succeeded))
  const rest = reader.release()
  if (rest.length > 0) upstream.write(rest)
  joinSockets(client, upstream, state.fault)
}

async function readAddress(
  reader: ReturnType<typeof createByteReader>,
  type: number,
): Promise<{ host: string; addressType: Tunnel['addressType'] }> {
  if (type === 1) return { host: [...(await reader.take(4))].join('.'), addressType: 'ipv4' }
  if (type === 4) {
    const bytes = await reader.take(16)
    const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16))
    // The URL parser writes an IPv6 address in its short form.
    return { host: new URL(`http://[${groups.join(':')}]`).hostname, addressType: 'ipv6' }
  }
  const [length = 0] = await reader.take(1)
  return { host: (await reader.take(length)).toString('utf8'), addressType: 'name' }
}

function record(
  target: string,
  addressType: Tunnel['addressType'],
  outcome: Tunnel['outcome'],
  presented: string | undefined,
): Tunnel {
  const tunnel: Tunnel = { kind: 'socks5', target, addressType, outcome, atMs: performance.now() }
  return presented === undefined ? tunnel : { ...tunnel, presented }
}

/** The bound address is left at 0.0.0.0:0, which clients ignore. */
function reply(code: number): Buffer {
  return Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
}

function endWith(client: Socket, code: number): void {
  client.end(reply(code))
}
