import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode, SesameError } from './errors.ts'
import { printable } from './printable.ts'

/** Takes one line for the person at the terminal. */
export type Warn = (line: string) => void

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = fs.constants
const windows = process.platform === 'win32'

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

function fileError(attempt: string, path: string, cause: unknown): SesameError {
  if (cause instanceof SesameError) return cause
  const code = errorCode(cause) ?? 'unknown error'
  return new SesameError('ERR_FILE', `Cannot ${attempt} ${printable(path)}: ${reasons[code] ?? code}`, {
    cause,
  })
}

function refused(path: string, why: string, hint: string, code?: string): SesameError {
  const cause = code === undefined ? undefined : Object.assign(new Error(why), { code })
  return new SesameError('ERR_FILE', `${printable(path)} is not used: ${why}`, { hint, cause })
}

/**
 * Makes sure that `path` is a directory of ours that nobody else can write to. Missing directories are created with
 * 0700 from the first instant. Throws `ERR_FILE` for a symbolic link, another owner's directory, or a failing disk.
 */
export function ensurePrivateDirectory(path: string, warn: Warn): void {
  try {
    makeDirectory(path)
  } catch (cause) {
    throw fileError('create the directory', path, cause)
  }
  const link = fs.lstatSync(path, { throwIfNoEntry: false })
  if (!link?.isDirectory()) {
    throw refused(path, 'it is a symbolic link, not a directory', 'Put a real directory there.')
  }
  if (windows) return
  withFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 'open the directory', (fd) => {
    const stats = fs.fstatSync(fd)
    checkOwner(path, stats)
    if ((stats.mode & 0o022) === 0) return
    fs.fchmodSync(fd, 0o700)
    warn(`${printable(path)} could be written to by other users; its mode is 0700 now.`)
  })
}

function makeDirectory(path: string): void {
  try {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    // On a read-only file system the recursive call says ENOENT; the plain one says why.
    if (errorCode(error) !== 'ENOENT') throw error
    fs.mkdirSync(path, { mode: 0o700 })
  }
}

/**
 * Reads a small file that only we may know, as UTF-8; undefined when there is none. Never follows a symbolic link,
 * never waits on a FIFO, and checks what it has opened, not what lay at the path before. A mode wider than 0600 is
 * repaired with a warning. Throws `ERR_FILE` for anything but our own regular file with one name, and for one larger
 * than `maxBytes` (`cause.code` EFBIG). Owners and modes are not looked at on Windows.
 */
export function readPrivateFile(
  path: string,
  { maxBytes = 2 ** 20, warn }: { maxBytes?: number; warn: Warn },
): string | undefined {
  // Windows has no O_NOFOLLOW: there a link is looked for first.
  if (windows && fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw refused(path, 'it is a symbolic link', 'Put the real file there.')
  }
  return withFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 'read', (fd) => {
    const stats = fs.fstatSync(fd)
    if (!stats.isFile()) throw refused(path, 'it is not a regular file', 'Move it away.')
    if (stats.size > maxBytes) {
      throw refused(path, `it is larger than ${maxBytes} bytes`, 'Move it away.', 'EFBIG')
    }
    if (!windows) {
      checkOwner(path, stats)
      // None is fine: a writer has just put the next version in its place.
      if (stats.nlink > 1) throw refused(path, 'it has a second name (hard link)', 'Move it away.')
      if ((stats.mode & 0o077) !== 0) repairMode(path, fd, warn)
    }
    const bytes = Buffer.allocUnsafe(stats.size)
    let length = 0
    while (length < bytes.length) {
      const read = fs.readSync(fd, bytes, length, bytes.length - length, null)
      if (read === 0) break
      length += read
    }
    return bytes.toString('utf8', 0, length)
  })
}

/**
 * Replaces the file at `path` (in an existing directory) so that a reader, or the next run after a crash or power cut,
 * sees the whole old or the whole new content. A link, FIFO or foreign file at `path` is replaced, not written through.
 * Throws `ERR_FILE` with the old content in place.
 */
export function writePrivateFile(path: string, data: string | Uint8Array): void {
  // Loaded on writing only: node:crypto costs 4 ms, and reading must not pay them.
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const temporary = `${path}.${process.pid}-${randomBytes(8).toString('hex')}.tmp`
  try {
    const fd = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      try {
        fs.writeFileSync(fd, data)
        fs.fsyncSync(fd)
      } finally {
        fs.closeSync(fd)
      }
      renameOver(temporary, path)
    } catch (cause) {
      fs.rmSync(temporary, { force: true })
      throw cause
    }
    syncDirectory(dirname(path))
    for (const name of siblings(path, isAbandoned)) fs.rmSync(name, { force: true })
  } catch (cause) {
    throw fileError('write', path, cause)
  }
}

/**
 * Removes the file, together with what crashed writers and `setAside` have left of it; true when there was one.
 * Throws `ERR_FILE` when it cannot be removed.
 */
export function removePrivateFile(path: string): boolean {
  try {
    const leftovers = siblings(path, (rest) => isAbandoned(rest) || rest.startsWith('.corrupt-'))
    for (const name of leftovers) fs.rmSync(name, { force: true })
    fs.unlinkSync(path)
    syncDirectory(dirname(path))
    return true
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return false
    throw fileError('remove', path, cause)
  }
}

/** Moves a file that cannot be understood out of the way, to `<path>.corrupt-<time>`, and returns that name. */
export function setAside(path: string, now: Date): string {
  const name = `${path}.corrupt-${now.toISOString().replace(/[-:]/g, '')}`
  try {
    fs.renameSync(path, name)
  } catch (cause) {
    // Another process has been quicker with the same file.
    if (errorCode(cause) !== 'ENOENT') throw fileError('set aside', path, cause)
  }
  return name
}

/** Opens, acts, closes; undefined when nothing is there. On Windows a missing flag counts as 0. */
function withFile<T>(path: string, flags: number, attempt: string, act: (fd: number) => T): T | undefined {
  let fd: number
  try {
    fd = fs.openSync(path, flags)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw fileError(attempt, path, cause)
  }
  try {
    return act(fd)
  } catch (cause) {
    throw fileError(attempt, path, cause)
  } finally {
    fs.closeSync(fd)
  }
}

function checkOwner(path: string, stats: fs.Stats): void {
  const uid = process.getuid?.()
  if (uid === undefined || stats.uid === uid) return
  const why = `it belongs to another user (uid ${stats.uid}, this is uid ${uid})`
  throw refused(path, why, 'Run sesame as its owner, or name another directory.')
}

function repairMode(path: string, fd: number, warn: Warn): void {
  try {
    fs.fchmodSync(fd, 0o600)
    warn(`${printable(path)} was open to other users; its mode is 0600 now.`)
  } catch (cause) {
    // A read-only mount cannot be repaired, and refusing to read from it would protect nobody.
    if (errorCode(cause) !== 'EROFS') throw cause
    warn(`${printable(path)} is open to other users, and its file system is read-only.`)
  }
}

/** Windows refuses to replace a file that somebody (a virus scanner, a reader) has open just now. */
function renameOver(from: string, to: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      fs.renameSync(from, to)
      return
    } catch (cause) {
      const busy = windows && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(cause) ?? '')
      if (!busy || attempt === 10) throw cause
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * 10)
    }
  }
}

/** Without it a power cut can bring the old directory entry back. Some network file systems have no such call. */
function syncDirectory(path: string): void {
  if (windows) return
  withFile(path, O_RDONLY | O_DIRECTORY, 'write', (fd) => {
    try {
      fs.fsyncSync(fd)
    } catch (cause) {
      if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(errorCode(cause) ?? '')) throw cause
    }
  })
}

/** Files beside `path` whose name is `path` plus a rest that `wanted` accepts. */
function siblings(path: string, wanted: (rest: string) => boolean): string[] {
  const base = basename(path)
  const names = fs.readdirSync(dirname(path))
  return names
    .filter((name) => name.startsWith(base) && wanted(name.slice(base.length)))
    .map((name) => join(dirname(path), name))
}

/** True for the temporary file of a writer that is gone. Writers of one file take turns under the caller's lock. */
function isAbandoned(rest: string): boolean {
  const pid = /^\.(\d+)-[0-9a-f]{16}\.tmp$/.exec(rest)?.[1]
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (cause) {
    return errorCode(cause) === 'ESRCH'
  }
}
