import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { decodeText, errorCode, t, type Warn } from '../kit/index.ts'
import {
  checkOwner,
  fileError,
  keepsNoModes,
  type Repair,
  refused,
  repairMode,
  withFile,
} from './file-calls.ts'
import { linkFile, whileBusy, windows } from './file-systems.ts'

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

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
  if (windows && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw refused(path, t('it is a symbolic link'), t('Put the real file there.'))
  }
  return withFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 'read', (fd) => {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw refused(path, t('it is not a regular file'), t('Move it away.'))
    if (stats.size > maxBytes) {
      throw refused(path, t('it is larger than {maxBytes} bytes', { maxBytes }), t('Move it away.'), 'EFBIG')
    }
    if (!windows) {
      checkOwner(path, stats)
      // None is fine: a writer has just put the next version in its place.
      if (stats.nlink > 1) throw refused(path, t('it has more than one hard link'), t('Move it away.'))
      if ((stats.mode & 0o077) !== 0) repairMode(path, fd, closed, warn)
    }
    const bytes = Buffer.allocUnsafe(stats.size)
    let length = 0
    while (length < bytes.length) {
      const read = readSync(fd, bytes, length, bytes.length - length, null)
      if (read === 0) break
      length += read
    }
    return decodeText(bytes.subarray(0, length)).text
  })
}

/**
 * Replaces the file at `path` (in an existing directory) so that a reader, or the next run after a crash or power cut,
 * sees the whole old or the whole new content. A link, FIFO or foreign file at `path` is replaced, not written through.
 * Without `durable` a power cut may cost the file, and the disk is not waited for. A `secret` is not written where the file
 * system keeps no modes. Throws `ERR_FILE` with the old content in place.
 */
export function writePrivateFile(
  path: string,
  data: string | Uint8Array,
  { durable = true, secret = false }: { durable?: boolean; secret?: boolean } = {},
): void {
  // Loaded on writing only: node:crypto costs 4 ms, and reading must not pay them.
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const temporary = `${path}.${process.pid}-${randomBytes(8).toString('hex')}.tmp`
  try {
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      try {
        if (secret) checkKeepsModes(fd, path)
        writeFileSync(fd, data)
        if (durable) fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
      whileBusy(() => renameSync(temporary, path))
    } catch (cause) {
      rmSync(temporary, { force: true })
      throw cause
    }
    if (durable) syncDirectory(dirname(path))
    for (const name of abandonedBeside(path)) rmSync(name, { force: true })
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
    for (const name of leftovers) rmSync(name, { force: true })
    unlinkSync(path)
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
    renameSync(path, name)
  } catch (cause) {
    // Another process has been quicker with the same file.
    if (errorCode(cause) !== 'ENOENT') throw fileError('set aside', path, cause)
  }
  return name
}

/** The file, closed to all others. */
const closed: Repair = {
  forbidden: 0o077,
  mode: 0o600,
  was: (path, mode) => t('{path} was open to other users; its mode is {mode} now.', { path, mode }),
  whenReadOnly: (path) => t('{path} is open to other users, and its file system is read-only.', { path }),
}

/** Before a secret is written that anyone could use who can read it. The descriptor is of a file that was just made 0600. */
function checkKeepsModes(fd: number, path: string): void {
  if (windows || (fstatSync(fd).mode & closed.forbidden) === 0) return
  throw keepsNoModes(path)
}

/** Without it a power cut can bring the old directory entry back. Some network file systems have no such call. */
function syncDirectory(path: string): void {
  if (windows) return
  withFile(path, O_RDONLY | O_DIRECTORY, 'write', (fd) => {
    try {
      fsyncSync(fd)
    } catch (cause) {
      if (['EIO', 'ENOSPC', 'EDQUOT'].includes(errorCode(cause) ?? '')) throw cause
    }
  })
}

/** Files beside `path` whose name is `path` plus a rest that `wanted` accepts. */
function siblings(path: string, wanted: (rest: string) => boolean): string[] {
  const base = basename(path)
  const names = readdirSync(dirname(path))
  return names
    .filter((name) => name.startsWith(base) && wanted(name.slice(base.length)))
    .map((name) => join(dirname(path), name))
}

/** What writers of this file or directory that are gone have left: their temporary ones, `PATH.PID-HEX.tmp` with 16 digits. */
export function abandonedBeside(path: string): string[] {
  return siblings(path, isAbandoned)
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

/**
 * Makes a new file (0600) in an existing directory; false when anything lies at `path`, a dangling link too, which stays as it
 * is. Of several processes one makes it. The file appears whole, except on file systems without hard links; where they keep no
 * modes either, it is not made.
 * @throws SesameError ERR_FILE
 */
export function createPrivateFile(path: string, data: string | Uint8Array): boolean {
  // Loaded on writing only, as in `writePrivateFile`.
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const temporary = `${path}.${process.pid}-${randomBytes(8).toString('hex')}.tmp`
  try {
    write(temporary, data, path)
    try {
      const outcome = linkFile(temporary, path)
      if (outcome === 'exists') return false
      if (outcome === 'impossible') write(path, data, path)
    } finally {
      rmSync(temporary, { force: true })
    }
    syncDirectory(dirname(path))
    return true
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw fileError('write', path, cause)
  }
}

/** `shown` is the path that messages name. */
function write(path: string, data: string | Uint8Array, shown: string): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    checkKeepsModes(fd, shown)
    writeFileSync(fd, data)
    fsyncSync(fd)
  } catch (cause) {
    rmSync(path, { force: true })
    throw cause
  } finally {
    closeSync(fd)
  }
}
