import { readFile } from 'node:fs/promises'
import { errorCode } from '../kit/index.ts'

/** The two ends of an accepted connection, as `net.Socket` names them. */
export interface Connection {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

/** Whose process holds the other end: a user's, none's any more, or the system does not report it. */
export type Peer = { kind: 'user'; uid: number } | { kind: 'none' } | { kind: 'unknown' }

/** What this system says about connections; replaced in tests. */
export interface PeerSystem {
  /** The text of `/proc/net/tcp` and `/proc/net/tcp6`, or undefined where there is none or it cannot be read. */
  readTables(): Promise<string | undefined>
  /** Whether connections can come from outside of this kernel and still be from this machine. */
  hasHostBehind(): boolean
}

export interface PeerLookup {
  /** Never rejects. Asked while the connection is open: a closed one has no peer. */
  peerOf(connection: Connection): Promise<Peer>
}

/**
 * Looks up who connected to a loopback address of ours (Linux). However many connections ask at once, the tables are read once
 * for all of them, and each is looked for in a table that is newer than the connection.
 */
export function createPeerLookup(system: PeerSystem = thisSystem): PeerLookup {
  let reading: Promise<unknown> = Promise.resolve()
  let next: Promise<string | undefined> | undefined

  function freshTables(): Promise<string | undefined> {
    next ??= reading.then(() => {
      next = undefined
      const tables = system.readTables()
      reading = tables
      return tables
    })
    return next
  }

  return {
    async peerOf({ localAddress, localPort, remoteAddress, remotePort }) {
      const own = tableName(localAddress, localPort)
      const other = tableName(remoteAddress, remotePort)
      if (own === undefined || other === undefined) return { kind: 'none' }
      // The kernel writes the table piece by piece while connections come and go, so that it can miss one.
      for (let look = 1; look <= 2; look++) {
        const tables = await freshTables()
        // A table without our own listener is not one of this network (WSL 1, some sandboxes): it says nothing about others.
        if (tables === undefined || !own.some((end) => isListening(tables, end))) return { kind: 'unknown' }
        for (const end of other) {
          for (const ours of own) {
            const uid = ownerOf(tables, `${end} ${ours} `)
            if (uid !== undefined) return { kind: 'user', uid }
          }
        }
      }
      return system.hasHostBehind() ? { kind: 'unknown' } : { kind: 'none' }
    },
  }
}

/**
 * Whether what a peer asks may be answered: processes of this user and of root (which can read our memory anyway, and is what
 * the forwarders of WSL and of containers run as), and all where the system does not report users. In a user namespace,
 * 0 is its own root; users without a number in it are all 65534, who is served only by a sesame that has no number either.
 */
export function isOwnPeer(peer: Peer, ownUid: number | undefined = process.geteuid?.()): boolean {
  if (peer.kind === 'user') return ownUid === undefined || peer.uid === ownUid || peer.uid === 0
  return peer.kind === 'unknown'
}

/** How the tables may spell an end: as IPv4, and as IPv4 inside of IPv6 for a socket of that family. */
function tableName(address: string | undefined, port: number | undefined): string[] | undefined {
  const bytes =
    address
      ?.replace(/^::ffff:/i, '')
      .split('.')
      .map(Number) ?? []
  if (bytes.length !== 4 || port === undefined) return undefined
  // Words of 32 bits, in the order of this processor.
  const little = process.getBuiltinModule('node:os').endianness() === 'LE'
  const word = (four: number[]) => hex(little ? four.toReversed() : four)
  const number = port.toString(16).toUpperCase().padStart(4, '0')
  const v4 = word(bytes)
  return [`${v4}:${number}`, `${hex([0, 0, 0, 0, 0, 0, 0, 0])}${word([0, 0, 255, 255])}${v4}:${number}`]
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('')
}

function isListening(tables: string, end: string): boolean {
  const nowhere = `${'0'.repeat(end.indexOf(':'))}:0000`
  return tables.includes(` ${end} ${nowhere} 0A `)
}

/**
 * The user of the socket with these ends. One without inode has no process any more (closed, TIME_WAIT): the kernel
 * reports it as root's, which must not count.
 */
function ownerOf(tables: string, ends: string): number | undefined {
  const at = tables.indexOf(ends)
  if (at < 0) return undefined
  const rest = tables.slice(at + ends.length, at + ends.length + 200)
  // state, queues, timer, retransmissions; uid; timeout; inode
  const [, uid, inode] = /^[0-9A-F]+ [0-9A-F:]+ [0-9A-F:]+ [0-9A-F]+ +(\d+) +\d+ (\d+) /.exec(rest) ?? []
  return uid === undefined || inode === '0' ? undefined : Number(uid)
}

const thisSystem: PeerSystem = {
  async readTables() {
    if (process.platform !== 'linux') return undefined
    const [v4, v6] = await Promise.all([readText('/proc/net/tcp'), readText('/proc/net/tcp6')])
    return v4 === undefined ? undefined : `${v4}${v6 ?? ''}`
  },
  // In the mirrored network of WSL 2, programs of Windows reach 127.0.0.1 without any process on this side.
  hasHostBehind: () => /microsoft/i.test(process.getBuiltinModule('node:os').release()),
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    // Not mounted, or forbidden by a sandbox: then the system does not report users.
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
