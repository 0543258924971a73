import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { errorCode, printable, SesameError, type Warn } from '../kit/index.ts'

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
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return false
  // Only what is not in order is opened, to be repaired or refused: reading a secret must not cost more than it has to.
  const uid = process.getuid?.()
  if (windows || !stats.isDirectory() || stats.uid !== uid || isOpenToOthers(stats))
    checkDirectory(path, warn)
  if (windows) return true
  const above = statSync(dirname(path))
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
  const link = lstatSync(path, { throwIfNoEntry: false })
  if (!link?.isDirectory()) {
    throw refused(path, 'it is a symbolic link, not a directory', 'Put a real directory there.')
  }
  if (windows) return
  withFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 'open the directory', (fd) => {
    const stats = fstatSync(fd)
    checkOwner(path, stats)
    if (isOpenToOthers(stats)) repairMode(path, fd, warn)
  })
}

/** A user who may write to it may put another directory of ours in the place of the one that is meant. */
function checkDirectoryAbove(path: string, warn: Warn): void {
  withFile(path, O_RDONLY | O_DIRECTORY, 'open the directory', (fd) => {
    const stats = fstatSync(fd)
    if (stats.uid !== 0) checkOwner(path, stats)
    if (isOpenToOthers(stats) && !isSticky(stats)) repairMode(path, fd, warn)
  })
}

function repairMode(path: string, fd: number, warn: Warn): void {
  const outcome = changeMode(fd, 0o700)
  if (outcome === 'changed')
    warn(`${printable(path)} could be written to by other users; its mode is 0700 now.`)
  // A read-only mount cannot be written to either.
  if (outcome === 'no-modes')
    warn(`${printable(path)} can be written to by other users, and its file system keeps no modes.`)
}

const noModes = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']

/**
 * Takes from a file of ours what other users may do with it. Where that cannot be, refusing the file would protect nothing:
 * read-only mounts, and file systems that keep no modes (exFAT, network drives), of which some take the call and
 * change nothing (WSL's view of Windows drives).
 */
export function changeMode(fd: number, mode: number): 'changed' | 'read-only' | 'no-modes' {
  try {
    fchmodSync(fd, mode)
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'EROFS') return 'read-only'
    if (noModes.includes(code)) return 'no-modes'
    throw error
  }
  return (fstatSync(fd).mode & 0o777 & ~mode) === 0 ? 'changed' : 'no-modes'
}

/**
 * Not Node's recursive mkdir: that one calls a read-only file system ENOENT, and never ends where a file system says
 * ENOENT below a directory that exists (/proc, some network mounts).
 */
function makeDirectory(path: string, parentExists = false): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
    if (errorCode(error) !== 'ENOENT' || parentExists || dirname(path) === path) throw error
    makeDirectory(dirname(path))
    makeDirectory(path, true)
  }
}

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

const reasons: Record<string, string> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ELOOP: 'it is a symbolic link',
  EISDIR: 'it is a directory',
  EEXIST: 'something else is there',
  ENOTDIR: 'a part of the path is not a directory',
  ENXIO: 'it is not a regular file',
  EIO: 'the disk reported an error',
}

export function fileError(attempt: string, path: string, cause: unknown): SesameError {
  if (cause instanceof SesameError) return cause
  const code = errorCode(cause) ?? 'unknown error'
  return new SesameError('ERR_FILE', `Cannot ${attempt} ${printable(path)}: ${reasons[code] ?? code}`, {
    cause,
  })
}

export function refused(path: string, why: string, hint: string, code?: string): SesameError {
  const cause = code === undefined ? undefined : Object.assign(new Error(why), { code })
  return new SesameError('ERR_FILE', `Refusing to use ${printable(path)}: ${why}`, { hint, cause })
}

/** Opens, acts, closes; undefined when nothing is there. On Windows a missing flag counts as 0. */
export function withFile<T>(
  path: string,
  flags: number,
  attempt: string,
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
  const why = `it belongs to another user (uid ${stats.uid}, this is uid ${uid})`
  throw refused(path, why, 'Run sesame as its owner, or name another directory.')
}
