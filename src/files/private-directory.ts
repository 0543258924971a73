import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode, type FixedText, printable, t, type Warn } from '../kit/index.ts'
import {
  checkOwner,
  elsewhere,
  fileError,
  inWords,
  keepsNoModes,
  type Repair,
  refused,
  repairMode,
  statsOf,
  withFile,
} from './file-calls.ts'
import { windows } from './file-systems.ts'

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

/** As much as a sign-in and credentials may take. */
const testBytes = 8192

/**
 * Shows that private files can be kept in a directory: one is written, read back and removed. Where there is no directory yet, in
 * the one in which it would be made; none is made. `secret`: what will be kept there must not be readable by others.
 * @throws SesameError ERR_FILE
 */
export function proveDirectory(directory: string, { secret, warn }: { secret: boolean; warn: Warn }): void {
  let place = directory
  while (statsOf(place) === undefined && dirname(place) !== place) place = dirname(place)
  if (place === directory) isPrivateDirectory(directory, warn)
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const path = join(place, `.sesame-${randomBytes(8).toString('hex')}`)
  const bytes = randomBytes(testBytes)
  let kept: ReturnType<typeof keep>
  try {
    kept = keep(path, bytes)
  } catch (cause) {
    // No person has heard of the test file.
    throw fileError(place === directory ? 'write to' : 'create the directory', directory, cause)
  }
  if (secret && !windows && (kept.mode & 0o077) !== 0) throw keepsNoModes(directory)
  if (!bytes.equals(kept.bytes))
    throw refused(directory, t('it did not return what was written'), t(elsewhere))
}

/** Writes a new file, and gives what then can be read of it, and its mode. Nothing of it stays. */
function keep(path: string, bytes: Buffer): { bytes: Buffer; mode: number } {
  const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    writeFileSync(fd, bytes)
    fsyncSync(fd)
    return { bytes: readFileSync(path), mode: fstatSync(fd).mode }
  } finally {
    closeSync(fd)
    rmSync(path, { force: true })
  }
}
