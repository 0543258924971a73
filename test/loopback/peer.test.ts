import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPeerLookup, isOwnPeer, type Peer } from '../../src/loopback/peer.ts'
import { needOtherUser, runAsOtherUser } from '../support/other-user.ts'

/** As the kernel of a little-endian machine writes it: 127.0.0.1:8080 listens, :50000 is connected to it. */
const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const line = (ends: string, state: string, uid: number, inode: number) =>
  `   0: ${ends} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`
const listener = line('0100007F:1F90 00000000:0000', '0A', 1000, 11)
const ownEnd = line('0100007F:1F90 0100007F:C350', '01', 1000, 12)
const otherEnd = (uid: number, state = '01', inode = 13) =>
  line('0100007F:C350 0100007F:1F90', state, uid, inode)
const mapped = '0000000000000000FFFF00000100007F'

const connection = {
  localAddress: '127.0.0.1',
  localPort: 8080,
  remoteAddress: '127.0.0.1',
  remotePort: 50_000,
}

/** What is found when the tables read so, one after the other; the last one stays. */
function find(
  tables: readonly (string | undefined)[],
  asked = connection,
  hostBehind = false,
): Promise<Peer> {
  let reads = 0
  const lookup = createPeerLookup({
    readTables: async () => tables[Math.min(reads++, tables.length - 1)],
    hasHostBehind: () => hostBehind,
  })
  return lookup.peerOf(asked)
}

describe('[case 105] what the kernel’s table says', () => {
  test.each<[string, string, Peer]>([
    ['a process of user 1000', `${ownEnd}${otherEnd(1000)}`, { kind: 'user', uid: 1000 }],
    ['a process of user 1001', `${otherEnd(1001)}${ownEnd}`, { kind: 'user', uid: 1001 }],
    ['root', `${ownEnd}${otherEnd(0)}`, { kind: 'user', uid: 0 }],
    ['one that has ended its side', `${ownEnd}${otherEnd(1001, '05')}`, { kind: 'user', uid: 1001 }],
    [
      'IPv4 inside of IPv6',
      line(`${mapped}:C350 ${mapped}:1F90`, '01', 1001, 13),
      { kind: 'user', uid: 1001 },
    ],
    ['a socket that is closed, which counts as root’s', otherEnd(0, '05', 0), { kind: 'none' }],
    ['one in TIME_WAIT', otherEnd(0, '06', 0), { kind: 'none' }],
    ['our own end only', ownEnd, { kind: 'none' }],
    ['another port', line('0100007F:C351 0100007F:1F90', '01', 1000, 13), { kind: 'none' }],
    ['another address', line('0200007F:C350 0100007F:1F90', '01', 1000, 13), { kind: 'none' }],
    ['the ends the wrong way round', line('0100007F:1F90 0100007F:C350', '01', 1000, 13), { kind: 'none' }],
  ])('%s', async (_, lines, peer) => {
    expect(await find([header + listener + lines])).toEqual(peer)
  })

  test.each([
    ['no table, or one that may not be read', undefined],
    ['an empty one', ''],
    ['one with nothing but its header (WSL 1)', header],
    ['one of another network', header + line('0100007F:1F91 00000000:0000', '0A', 1000, 11)],
  ])('%s: the system does not report users', async (_, table) => {
    expect(await find([table])).toEqual({ kind: 'unknown' })
  })

  test('a connection that was missed is found by the second look, and there is no third', async () => {
    const without = header + listener + ownEnd
    expect(await find([without, without + otherEnd(1001)])).toEqual({ kind: 'user', uid: 1001 })
    expect(await find([without, without, without + otherEnd(1000)])).toEqual({ kind: 'none' })
  })

  test('where Windows is behind the kernel, a connection without a process here is not reported', async () => {
    const without = header + listener + ownEnd
    expect(await find([without], connection, true)).toEqual({ kind: 'unknown' })
    expect(await find([without + otherEnd(1001)], connection, true)).toEqual({ kind: 'user', uid: 1001 })
  })

  test('what is no IPv4 address has no peer', async () => {
    const table = header + listener + ownEnd + otherEnd(1000)
    for (const remoteAddress of ['::1', '127.1', '', 'localhost'])
      expect(await find([table], { ...connection, remoteAddress })).toEqual({ kind: 'none' })
  })

  test('many questions at once are answered by one table, which was read after the last of them', async () => {
    const tables: ((text: string) => void)[] = []
    const lookup = createPeerLookup({
      readTables: () => new Promise((resolve) => tables.push(resolve)),
      hasHostBehind: () => false,
    })
    const first = lookup.peerOf(connection)
    await expect.poll(() => tables.length).toBe(1)
    const later = Array.from({ length: 100 }, () => lookup.peerOf(connection))
    tables[0]?.(header + listener + otherEnd(1000))
    expect(await first).toEqual({ kind: 'user', uid: 1000 })
    await expect.poll(() => tables.length).toBe(2)
    tables[1]?.(header + listener + otherEnd(1001))
    for (const peer of await Promise.all(later)) expect(peer).toEqual({ kind: 'user', uid: 1001 })
    expect(tables).toHaveLength(2)
  })
})

test.each<[Peer, number | undefined, boolean]>([
  [{ kind: 'user', uid: 1000 }, 1000, true],
  [{ kind: 'user', uid: 0 }, 1000, true],
  [{ kind: 'user', uid: 1001 }, 1000, false],
  [{ kind: 'user', uid: 1000 }, 0, false],
  // A user without a number in this namespace, seen by its root and by one who has none either.
  [{ kind: 'user', uid: 65_534 }, 0, false],
  [{ kind: 'user', uid: 65_534 }, 65_534, true],
  [{ kind: 'none' }, 1000, false],
  [{ kind: 'unknown' }, 1000, true],
  [{ kind: 'unknown' }, undefined, true],
])('[case 105] %j is answered by the user %s: %s', (peer, ownUid, answered) => {
  expect(isOwnPeer(peer, ownUid)).toBe(answered)
})

describe('the real kernel', () => {
  let server: Server
  let port: number
  const { peerOf } = createPeerLookup()
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterEach(() => server.close())

  async function accepted(): Promise<Socket> {
    const [socket] = (await once(server, 'connection')) as [Socket]
    return socket
  }

  test.each(['127.0.0.1', '::ffff:127.0.0.1'])('a connection of this user to %s', async (host) => {
    const client = connect(port, host)
    const socket = await accepted()
    const uid = process.platform === 'linux' ? process.geteuid?.() : undefined
    expect(await peerOf(socket)).toEqual(uid === undefined ? { kind: 'unknown' } : { kind: 'user', uid })
    client.destroy()
    socket.destroy()
  })

  test('[case 105] connections of another user, by both families', async (context) => {
    needOtherUser(context)
    for (const host of ['127.0.0.1', '::ffff:127.0.0.1']) {
      const client = runAsOtherUser(`
        import { connect } from 'node:net'
        connect(${port}, '${host}').resume()`)
      const socket = await accepted()
      expect(await peerOf(socket)).toEqual({ kind: 'user', uid: 65_534 })
      socket.end()
      await client
    }
  })

  test('[case 105] one that is closed by its program has no owner, and is not root’s', async (context) => {
    context.skip(process.platform !== 'linux', 'only Linux shows whose a connection is')
    const client = connect(port, '127.0.0.1')
    const socket = await accepted()
    client.destroy()
    await once(socket.resume(), 'end')
    expect(await peerOf({ ...address(socket) })).toEqual({ kind: 'none' })
    socket.destroy()
  })
})

function address({ localAddress, localPort, remoteAddress, remotePort }: Socket) {
  return { localAddress, localPort, remoteAddress, remotePort }
}
