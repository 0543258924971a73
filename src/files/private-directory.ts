import { constants, fchmodSync, fstatSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode, printable, type Warn } from '../kit/index.ts'
import { checkOwner, fileError, refused, windows, withFile } from './private-access.ts'

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
  try {
    fchmodSync(fd, 0o700)
    warn(`${printable(path)} could be written to by other users; its mode is 0700 now.`)
  } catch (cause) {
    // A read-only mount cannot be repaired, and cannot be written to either.
    if (errorCode(cause) !== 'EROFS') throw cause
  }
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
