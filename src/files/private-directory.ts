import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { errorCode, type FixedText, printable, t, type Warn } from '../kit/index.ts'
import { fileError, inWords, refused, statsOf } from './file-error.ts'
import { type Repair, repairMode } from './repair-mode.ts'

const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY } = constants

/**
 * Makes sure that `path` is a directory of ours that no other user can write to. Missing directories are created with
 * 0700 from the first instant. Throws `ERR_FILE` for a symbolic link, another owner's directory, or a failing disk.
 */
export function ensurePrivateDirectory(path: string, warn: Warn): void {
  try {
    makeDirectory(path)
  } catch (cause) {
    throw fileError('create the directory', path, cause)
  }
  checkDirectory(path, warn)
}

/**
 * Looks at the directory of private files before one of them is read: false when there is none. The same checks as of
 * `ensurePrivateDirectory` hold for it; the directory above may also be root's, and a link. Throws `ERR_FILE`.
 */
export function isPrivateDirectory(path: string, warn: Warn): boolean {
  const stats = statsOf(path)
  if (stats === undefined) return false
  // Only what is not in order is opened, to be repaired or refused: reading a secret must not cost more than it has to.
  const uid = process.getuid?.()
  if (windows || !stats.isDirectory() || stats.uid !== uid || isOpenToOthers(stats))
    checkDirectory(path, warn)
  if (windows) return true
  const above = inWords('look at', dirname(path), () => statSync(dirname(path)))
  const trusted = above.uid === uid || above.uid === 0
  if (!trusted || (isOpenToOthers(above) && !isSticky(above))) checkDirectoryAbove(dirname(path), warn)
  return true
}

function isOpenToOthers({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0
}

function checkDirectory(path: string, warn: Warn): void {
  const link = statsOf(path)
  if (!link?.isDirectory()) {
    throw refused(path, t('it is a symbolic link, not a directory'), t('Put a real directory there.'))
  }
  if (windows) return
  withFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 'open the directory', (fd) => {
    const stats = fstatSync(fd)
    checkOwner(path, stats)
    if (isOpenToOthers(stats)) repairMode(path, fd, closed, warn)
  })
}

/** A user who may write to it may put another directory of ours in the place of the one that is meant. */
function checkDirectoryAbove(path: string, warn: Warn): void {
  withFile(path, O_RDONLY | O_DIRECTORY, 'open the directory', (fd) => {
    const stats = fstatSync(fd)
    if (stats.uid !== 0) checkOwner(path, stats)
    if (isOpenToOthers(stats) && !isSticky(stats)) repairMode(path, fd, closed, warn)
  })
}

/** The directory, closed to all others. */
const closed: Repair = {
  forbidden: 0o022,
  mode: 0o700,
  was: (path, mode) =>
    t('{path} could be written to by other users; its mode is {mode} now.', { path, mode }),
}

/**
 * Not Node's recursive mkdir: that one calls a read-only file system ENOENT, and never ends where a file system says
 * ENOENT below a directory that exists (/proc, some network mounts).
 */
function makeDirectory(path: string, parentExists = false): void {
  try {
    checkOwnerAbove(path)
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
    if (errorCode(error) !== 'ENOENT' || parentExists || dirname(path) === path) throw error
    // Of a whole path the directory is named that cannot be made.
    inWords('create the directory', dirname(path), () => makeDirectory(dirname(path)))
    makeDirectory(path, true)
  }
}

/**
 * Nothing is created in a directory of another user: what root leaves in a user's home (`sudo`) locks that user out, and what lies in a
 * directory of someone else's can be replaced by them. Root's directories are everyone's: /tmp, /home.
 */
function checkOwnerAbove(path: string): void {
  const uid = process.getuid?.()
  if (uid === undefined || lstatSync(path, { throwIfNoEntry: false }) !== undefined) return
  for (let above = dirname(path); ; above = dirname(above)) {
    const stats = statSync(above, { throwIfNoEntry: false })
    // Inside a user namespace root's number may be another one.
    if (stats !== undefined && stats.uid !== uid && stats.uid !== 0 && stats.uid !== lstatSync('/').uid) {
      const why = t('{what} belongs to another user (uid {uid}, this is uid {own})', {
        what: printable(above),
        uid: stats.uid,
        own: uid,
      })
      throw refused(path, why, t(notThere), 'EPERM')
    }
    // Only root gets into places of other users by mistake.
    if (dirname(above) === above || (stats !== undefined && uid !== 0)) return
  }
}

/**
 * Looks whether a directory that does not exist could be made, without making it.
 * @throws SesameError ERR_FILE with the reason
 */
export function checkCreatable(path: string): void {
  inWords('look at', path, () => checkOwnerAbove(path))
  for (let above = dirname(path); ; above = dirname(above)) {
    try {
      accessSync(above, constants.W_OK)
      return
    } catch (cause) {
      if (errorCode(cause) !== 'ENOENT' || dirname(above) === above)
        throw fileError('create the directory', path, cause)
    }
  }
}

const notThere: FixedText =
  'Run sesame as that user, with a HOME of your own (sudo -H), or set SESAME_CONFIG_DIR and SESAME_STATE_DIR.'

/** Modes, owners and some flags mean nothing there. */
export const windows = process.platform === 'win32'

/** Whether Windows refused because another process (a virus scanner, a reader) has the file open, or is just deleting it. */
export function isBusy(error: unknown): boolean {
  return windows && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '')
}

/** Does it again, for half a second, while Windows says that the file is busy. */
export function whileBusy<T>(act: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return act()
    } catch (error) {
      if (!isBusy(error) || attempt === 10) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * 10)
    }
  }
}

/** Opens, acts, closes; undefined when nothing is there. On Windows a missing flag counts as 0. */
export function withFile<T>(
  path: string,
  flags: number,
  attempt: FixedText,
  act: (fd: number) => T,
): T | undefined {
  let fd: number
  try {
    fd = openSync(path, flags)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw fileError(attempt, path, cause)
  }
  try {
    return act(fd)
  } catch (cause) {
    throw fileError(attempt, path, cause)
  } finally {
    closeSync(fd)
  }
}

export function checkOwner(path: string, stats: Stats): void {
  const uid = process.getuid?.()
  if (uid === undefined || stats.uid === uid) return
  const why = t('it belongs to another user (uid {uid}, this is uid {own})', { uid: stats.uid, own: uid })
  throw refused(path, why, t('Run sesame as its owner, or name another directory.'))
}
