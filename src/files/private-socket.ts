import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { errorCode, printable, SesameError, t } from '../kit/index.ts'
import { fileError, inWords, refused, statsOf } from './file-calls.ts'
import { linkFile } from './file-systems.ts'
import { checkTrustedDirectory, followTrusted } from './trusted-path.ts'

const { O_DIRECTORY = 0, O_RDONLY } = constants

/** A Unix socket at its path. */
export interface PlacedSocket {
  /** Absolute, without links in its directory. */
  path: string
  /** Removes it, if it is still the one that was placed. */
  remove(): void
}

/**
 * Places a listening Unix socket at a path so that no other user can connect to it, from its first moment on: it is made in
 * a directory of its own, closed to others, and gets its name when its mode is 0600. What Node removes when the server is closed is
 * that first name, which is gone by then: `remove` looks at what it removes. A socket on which no process listens any more is
 * replaced; whatever else is at the path stays. `listen` makes a socket at the path that it is given.
 * @throws SesameError ERR_FILE, ERR_USAGE for a path that is too long for a socket
 */
export async function placeSocket(
  wanted: string,
  listen: (path: string) => Promise<void>,
): Promise<PlacedSocket> {
  const absolute = resolve(wanted)
  const directory = followTrusted(dirname(absolute)).path
  checkTrustedDirectory(directory, absolute)
  const path = join(directory, basename(absolute))
  checkLength(path, directory)
  const stale = await lookForStale(path)
  const temporary = inWords('create a socket in', directory, () => mkdtempSync(join(directory, '.sesame-')))
  try {
    const socket = await bind(temporary, listen)
    const stats = close(socket, path)
    if (stale !== undefined) putAside(path, stale, join(temporary, 'old'))
    publish(socket, path)
    return { path, remove: () => removeIfSame(path, stats) }
  } catch (cause) {
    throw fileError('listen on', path, cause)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** Whether a directory can be named by an open descriptor, which makes every path short. */
const hasDescriptors = process.platform === 'linux'

/** What a socket's address holds (`sun_path`), without the NUL at its end. */
const mostBytes = process.platform === 'linux' ? 107 : 103

function checkLength(path: string, directory: string): void {
  const first = hasDescriptors ? 0 : Buffer.byteLength(join(directory, '.sesame-XXXXXX', 's'))
  const length = Math.max(Buffer.byteLength(path), first)
  if (length <= mostBytes) return
  throw new SesameError(
    'ERR_USAGE',
    t('The path of the socket has {length} bytes; {most} is the most that the system takes.', {
      length,
      most: mostBytes,
    }),
    { hint: t('Choose a shorter one: {path}', { path: printable(path) }) },
  )
}

/** A socket of ours on which no process listens, or undefined where there is nothing. @throws SesameError for all else */
async function lookForStale(path: string): Promise<Stats | undefined> {
  const stats = statsOf(path)
  if (stats === undefined) return undefined
  const elsewhere = t('Name another path, or move it away.')
  if (!stats.isSocket()) throw refused(path, t('something else than a socket is there'), elsewhere)
  if (stats.uid !== process.getuid?.())
    throw refused(path, t('the socket there belongs to another user'), elsewhere)
  const answer = await knock(path)
  if (answer === 'ECONNREFUSED') return stats
  if (answer === 'ENOENT') return undefined
  if (answer === undefined || answer === 'EAGAIN')
    throw refused(path, t('a program listens on that socket'), t('End it first, or name another path.'))
  throw refused(path, t('the socket there does not answer ({code})', { code: answer }), elsewhere)
}

/** The code of the failure to connect; undefined when something listens. */
function knock(path: string): Promise<string | undefined> {
  const { connect } = process.getBuiltinModule('node:net')
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('error', (error) => {
      const code = errorCode(error)
      if (code === undefined) reject(error)
      else resolve(code)
    })
  })
}

/**
 * Has the socket made, and says where. Where the path through its directory would be too long, that is named by its descriptor: a caller that
 * has the number later must not lose a file to Node's removal, so that no other has this name.
 */
async function bind(directory: string, listen: (path: string) => Promise<void>): Promise<string> {
  const direct = join(directory, 's')
  if (Buffer.byteLength(direct) <= mostBytes) {
    await listen(direct)
    return direct
  }
  const name = basename(directory)
  const fd = openSync(directory, O_RDONLY | O_DIRECTORY)
  try {
    await listen(`/proc/self/fd/${fd}/${name}`)
  } finally {
    closeSync(fd)
  }
  return join(directory, name)
}

/** Closes the new socket to others, and looks whether that is so. */
function close(socket: string, path: string): Stats {
  chmodSync(socket, 0o600)
  const stats = lstatSync(socket)
  if ((stats.mode & 0o077) === 0) return stats
  throw refused(
    path,
    t('its file system keeps no permissions, so other users could connect'),
    t('Name a path on another file system.'),
  )
}

/** Two programs may have found the same stale socket: the later one must not take away what the first one has put there. */
function putAside(path: string, stale: Stats, aside: string): void {
  try {
    renameSync(path, aside)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return
    throw cause
  }
  if (isSame(lstatSync(aside), stale)) return
  linkFile(aside, path)
  throw taken(path)
}

function publish(socket: string, path: string): void {
  const outcome = linkFile(socket, path)
  if (outcome === 'exists') throw taken(path)
  // Without hard links a rename is the one step that there is.
  if (outcome === 'impossible') {
    if (statsOf(path) !== undefined) throw taken(path)
    renameSync(socket, path)
  }
}

function taken(path: string): Error {
  return refused(path, t('something else is there by now'), t('End it first, or name another path.'))
}

function removeIfSame(path: string, stats: Stats): void {
  const now = statsOf(path)
  if (now === undefined || !isSame(now, stats)) return
  inWords('remove', path, () => unlinkSync(path))
}

function isSame(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino
}
