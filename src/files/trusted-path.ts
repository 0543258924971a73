import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, join, parse, resolve } from 'node:path'
import { errorCode, printable, shellWord, t } from '../kit/index.ts'
import { fileError, inWords, refused } from './file-calls.ts'
import { windows } from './file-systems.ts'

/** Where a path leads when every link has been followed. */
export interface TrustedPath {
  /** Absolute, without links. */
  path: string
  /** Of the file itself; undefined when nothing is there. */
  stats: Stats | undefined
}

export interface TrustOptions {
  /** Also directories that their group or others can write to, and files that their group can write to: container volumes. */
  allowShared?: boolean
}

const mostLinks = 40
const sticky = 0o1000

/**
 * Follows a path, and refuses it where a user other than this one and root decides where it leads: each directory on the way and
 * each link must be theirs, and no directory may be writable by its group or others, unless it is sticky (as /tmp is). A link
 * that leads nowhere is refused. On Windows only links are followed.
 * @throws SesameError ERR_FILE
 */
export function followTrusted(path: string, options: TrustOptions = {}): TrustedPath {
  const absolute = resolve(path)
  let current = parse(absolute).root
  const rest = partsOf(absolute)
  /** How many of the first parts of the rest stand in a link. */
  let linked = 0
  let links = 0
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    const isLinked = linked > 0
    if (isLinked) linked--
    if (name === '..') current = dirname(current)
    if (name === '.' || name === '..') continue
    checkDirectory(current, path, options)
    const next = join(current, name)
    const stats = look(next, path)
    if (stats === undefined) {
      if (isLinked)
        throw refused(path, t('it is a link to a file that does not exist'), t('Put the real file there.'))
      return { path: join(next, ...rest), stats }
    }
    if (stats.isSymbolicLink()) {
      if (!isOurs(stats)) throw strangers(path, t('the link {path}', { path: printable(next) }), stats)
      if (++links > mostLinks)
        throw refused(path, t('its links lead in a circle'), t('Put the real file there.'))
      const target = inWords('look at', next, () => readlinkSync(next))
      if (isAbsolute(target)) current = parse(target).root
      const parts = partsOf(target)
      rest.unshift(...parts)
      linked += parts.length
    } else if (rest.length === 0) return { path: next, stats }
    else if (stats.isDirectory()) current = next
    else
      throw refused(path, t('{path} is not a directory', { path: printable(next) }), t('Name another file.'))
  }
  return { path: current, stats: look(current, path) }
}

function partsOf(path: string): string[] {
  const separator = windows ? /[\\/]+/ : /\/+/
  return path.slice(parse(path).root.length).split(separator).filter(Boolean)
}

/** @throws SesameError ERR_FILE unless the directory is one in which only this user and root can replace a file */
export function checkTrustedDirectory(directory: string, path: string, options: TrustOptions = {}): void {
  const { path: real } = followTrusted(directory, options)
  checkDirectory(real, path, options)
}

/**
 * Checks the file at the end of a path: a regular one, owned by this user or root, with one name, and not accessible to others
 * in the given ways (`forbidden`, bits of its mode). With `allowShared` only writing by others is forbidden.
 * @throws SesameError ERR_FILE
 */
export function checkTrustedFile(
  path: string,
  stats: Stats,
  { forbidden, why, allowShared = false }: TrustOptions & { forbidden: number; why: string },
): void {
  if (!stats.isFile()) throw refused(path, t('it is not a regular file'), t('Name another file.'))
  if (windows) return
  if (!isOurs(stats)) throw strangers(path, undefined, stats)
  if (stats.nlink > 1) {
    throw refused(path, t('it has more than one hard link'), t('Copy it to a file of its own.'))
  }
  const wrong = stats.mode & (allowShared ? 0o002 : forbidden)
  if (wrong === 0) return
  const change = forbidden === 0o077 ? '600' : 'go-w'
  const command = `chmod ${change} ${shellWord(printable(path))}`
  const canBeMeant = (stats.mode & 0o002) === 0
  const hint = canBeMeant
    ? t('Run "{command}", or say that it is meant (--force).', { command })
    : t('Run "{command}".', { command })
  throw refused(path, why, hint)
}

function checkDirectory(directory: string, path: string, { allowShared = false }: TrustOptions): void {
  if (windows) return
  const stats = look(directory, path)
  if (stats === undefined) return
  const name = printable(directory)
  if (!isOurs(stats)) throw strangers(path, t('the directory {path}', { path: name }), stats)
  if (allowShared || (stats.mode & 0o022) === 0 || (stats.mode & sticky) !== 0) return
  const why = t('other users can write to the directory {path}', { path: name })
  throw refused(path, why, t('Run "{command}".', { command: `chmod go-w ${shellWord(name)}` }))
}

/** Root is who owns the root directory: inside a user namespace the number 0 may be another user. */
function isOurs({ uid }: Stats): boolean {
  const own = process.getuid?.()
  return own === undefined || uid === own || uid === 0 || uid === lstatSync('/').uid
}

/** `what` of the way to the path it is; without it, what lies at its end. */
function strangers(path: string, what: string | undefined, { uid }: Stats): Error {
  const uids = { uid, own: String(process.getuid?.()) }
  const why =
    what === undefined
      ? t('it belongs to another user (uid {uid}, this is uid {own})', uids)
      : t('{what} belongs to another user (uid {uid}, this is uid {own})', { what, ...uids })
  return refused(path, why, t('Name a file that belongs to you.'))
}

function look(path: string, asked: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw fileError('open', asked, cause)
  }
}
