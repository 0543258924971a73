import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkTrustedDirectory, ensurePrivateDirectory, refused, writePrivateFile } from '../files/index.ts'
import { errorCode, printable, SesameError, shellWord, t } from '../kit/index.ts'
import type { EmbeddedBinding } from './embedded-binding.ts'

const { O_NOFOLLOW = 0, O_NONBLOCK, O_RDONLY } = constants

/** Where a native library is unpacked, and how it is seen who else can write there. */
export interface UnpackPlace {
  /** Absolute. It is made when there is none. */
  directory: string
  /** Windows: users other than this one and the administrators who can change a file or directory. Elsewhere its mode says it. */
  strangersAt?: ((path: string) => readonly string[]) | undefined
}

/**
 * The path of a file that holds the embedded library and that no other user can change: a process that loads it runs what is
 * in it. Directory (0700), file (0600), owners and content are checked each time. A file that is not as it should be is replaced; in
 * a directory that another user owns or can write to nothing is put.
 * @throws SesameError ERR_FILE
 */
export function unpackBinding({ path: embedded, sha256 }: EmbeddedBinding, place: UnpackPlace): string {
  prepareDirectory(place)
  const path = join(place.directory, `keyring-${sha256.slice(0, 32)}.node`)
  const isIntact = () => holds(path, sha256) && (place.strangersAt?.(path) ?? []).length === 0
  if (isIntact()) return path
  const content = readFileSync(embedded)
  if (hashOf(content) !== sha256)
    throw new SesameError('ERR_FILE', t('The executable of sesame is damaged.'), {
      hint: t('Install sesame again.'),
    })
  try {
    writePrivateFile(path, content, { durable: false, secret: true })
  } catch (error) {
    // Another process was quicker, and Windows does not replace a library that is in use.
    if (!isIntact()) throw error
  }
  if (isIntact()) return path
  throw refused(path, t('it is not what was written'), t('Set XDG_CACHE_HOME to another directory.'))
}

function prepareDirectory({ directory, strangersAt }: UnpackPlace): void {
  checkTrustedDirectory(directory, directory)
  // It looks at the owner too, and that it is no link. A directory that others can write to is not only closed: see below.
  const close = () => ensurePrivateDirectory(directory, () => {})
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) close()
  if (strangersAt === undefined && (lstatSync(directory).mode & 0o022) !== 0)
    throw writable(directory, t('other users can write to it'), 'chmod 700')
  for (const path of strangersAt === undefined ? [] : [dirname(directory), directory]) {
    const users = strangersAt?.(path).join(', ')
    if (users) throw writable(path, t('other users can write to it: {users}', { users }), 'icacls')
  }
  close()
  if (strangersAt === undefined && (lstatSync(directory).mode & 0o077) !== 0) chmodSync(directory, 0o700)
}

function writable(path: string, why: string, command: string): SesameError {
  return refused(path, why, t('See "{command}".', { command: `${command} ${shellWord(printable(path))}` }))
}

/** Whether a file of this user, closed to all others, has this content. Links are not followed. */
function holds(path: string, sha256: string): boolean {
  let fd: number
  try {
    // Windows has no O_NOFOLLOW.
    if (lstatSync(path).isSymbolicLink()) return false
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
  try {
    const stats = fstatSync(fd)
    const uid = process.getuid?.()
    const isOurs = uid === undefined || (stats.uid === uid && (stats.mode & 0o777) === 0o600)
    return stats.isFile() && stats.nlink === 1 && isOurs && hashOf(readFileSync(fd)) === sha256
  } finally {
    closeSync(fd)
  }
}

function hashOf(content: Uint8Array): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(content).digest('hex')
}
