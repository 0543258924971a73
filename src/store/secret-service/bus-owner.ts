import { lstatSync, readFileSync, realpathSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode, printable } from '../../kit/index.ts'
import { type BusLocation, busSockets } from './address.ts'

/**
 * Why the bus behind this socket is not this user's: `su` and `sudo -E` leave the address of another user's in the
 * environment, and secrets must not be kept there. The socket and every directory on its path must belong to this user or
 * to root, and no directory may let others replace what is in it. Undefined when it may be used, when there is no such
 * socket, and for an abstract one, which has no owner.
 */
export function foreignSocket(socket: string, uid: number): string | undefined {
  if (socket.startsWith('\0')) return undefined
  try {
    const real = realpathSync.native(socket)
    const bus = `the D-Bus session bus at ${printable(socket)}`
    const { uid: owner } = lstatSync(real)
    if (!isTrusted(owner, uid)) return `${bus} belongs to another user (uid ${owner})`
    // A link among the directories could be replaced as well as what it leads to.
    const paths = new Set([...directoriesOf(real), ...(real === socket ? [] : directoriesOf(socket))])
    for (const path of paths) {
      const why = objectionTo(lstatSync(path), uid)
      if (why !== undefined) return `${bus} could be replaced by another user: ${printable(path)} ${why}`
    }
    return undefined
  } catch (error) {
    // Not there, or not ours to look at: connecting fails by itself.
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** Why the bus of this environment counts as none; undefined when nothing speaks against it. */
export function foreignBus(location: BusLocation, uid: number | undefined): string | undefined {
  const sockets = busSockets(location)
  if (sockets === 'unsupported') return undefined
  return sockets.map((socket) => foreignSocket(socket, uid ?? -1)).find((reason) => reason !== undefined)
}

/** What a person should know of the bus of this environment, for `sesame doctor`. */
export function busRemark(location: BusLocation, uid: number | undefined): string | undefined {
  const reason = foreignBus(location, uid)
  if (reason !== undefined) return reason
  const sockets = busSockets(location)
  const abstract = sockets !== 'unsupported' && sockets.some((socket) => socket.startsWith('\0'))
  return abstract
    ? 'the address of the D-Bus session bus is abstract, so its owner cannot be checked'
    : undefined
}

function directoriesOf(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...directoriesOf(parent)]
}

function objectionTo(stats: Stats, uid: number): string | undefined {
  if (!isTrusted(stats.uid, uid) && !isOutsideRoot(stats.uid))
    return `belongs to another user (uid ${stats.uid})`
  const replaceable = stats.isDirectory() && (stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0
  return replaceable ? 'can be written to by other users' : undefined
}

function isTrusted(owner: number, uid: number): boolean {
  return owner === uid || owner === 0
}

/**
 * In a container that runs without root, the directories of the system above a mounted socket belong to a user that is not
 * mapped, and are shown with the overflow user id (user_namespaces(7)).
 */
function isOutsideRoot(owner: number): boolean {
  try {
    const overflowUid = Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'))
    const [inside, outside, count] = readFileSync('/proc/self/uid_map', 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number)
    const wholeSystem = inside === 0 && outside === 0 && count === 2 ** 32 - 1
    return owner === overflowUid && !wholeSystem
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}
