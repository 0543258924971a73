import { existsSync, lstatSync, readFileSync, realpathSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode, printable, t } from '../../kit/index.ts'
import { type BusLocation, busAddresses } from './address.ts'

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
    const bus = { socket: printable(socket) }
    const { uid: owner } = lstatSync(real)
    if (!isTrusted(owner, uid))
      return t('the D-Bus session bus at {socket} belongs to another user (uid {uid})', {
        ...bus,
        uid: owner,
      })
    // A link among the directories could be replaced as well as what it leads to.
    const paths = new Set([...directoriesOf(real), ...(real === socket ? [] : directoriesOf(socket))])
    for (const path of paths) {
      const reason = objectionTo(path, lstatSync(path), uid)
      if (reason !== undefined)
        return t('the D-Bus session bus at {socket} could be replaced by another user: {reason}', {
          ...bus,
          reason,
        })
    }
    return undefined
  } catch (error) {
    // Not there, or not ours to look at: connecting fails by itself.
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** Why a variable that names these and no socket leads to no bus, and what is there instead: words for a person. */
export function unusedBus(named: readonly string[], { runtimeDirectory }: BusLocation): string {
  const usual = runtimeDirectory ? `${runtimeDirectory}/bus` : undefined
  const address = printable(named.join(', '))
  return usual !== undefined && existsSync(usual)
    ? t(
        'DBUS_SESSION_BUS_ADDRESS says {address}, though there is a bus at {usual}, which is used after: unset DBUS_SESSION_BUS_ADDRESS',
        {
          address,
          usual: printable(usual),
        },
      )
    : t('DBUS_SESSION_BUS_ADDRESS says {address}, and sesame only connects to unix: addresses', { address })
}

/** What a person should know of the bus of this environment, for `sesame doctor`. */
export function busRemark(location: BusLocation, uid: number | undefined): string | undefined {
  const { sockets, others } = busAddresses(location)
  if (sockets.length === 0 && others.length > 0) return unusedBus(others, location)
  // Of several, the first that is there is the one that is used.
  const socket = sockets.find((each) => each.startsWith('\0') || existsSync(each))
  if (socket === undefined) return undefined
  if (socket.startsWith('\0'))
    return t('the address of the D-Bus session bus is abstract, so its owner cannot be checked')
  const dead = sockets[0] === socket ? undefined : sockets[0]
  return (
    foreignSocket(socket, uid ?? -1) ??
    (dead &&
      t('the D-Bus session bus is at {socket}; nothing is left at {dead}', {
        socket: printable(socket),
        dead: printable(dead),
      }))
  )
}

function directoriesOf(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...directoriesOf(parent)]
}

function objectionTo(directory: string, stats: Stats, uid: number): string | undefined {
  const path = printable(directory)
  if (!isTrusted(stats.uid, uid) && !isOutsideRoot(stats.uid))
    return t('{path} belongs to another user (uid {uid})', { path, uid: stats.uid })
  const replaceable = stats.isDirectory() && (stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0
  return replaceable ? t('{path} can be written to by other users', { path }) : undefined
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
