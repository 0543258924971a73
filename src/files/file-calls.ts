import {
  closeSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { errorCode, type FixedText, printable, SesameError, t, type Warn } from '../kit/index.ts'

/*
 * The one place where a failed call of the file system gets its words. Whatever the rest of the program does with a path, it does
 * by functions of this module, or hands what was thrown to `fileError`.
 */

const reasons: Readonly<Record<string, FixedText>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something else is there',
  EFBIG: 'it is too large',
  EINVAL: 'it is not a regular file',
  EIO: 'the disk reported an error',
  EISDIR: 'it is a directory',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of the path is not a directory',
  ENOTEMPTY: 'the directory is not empty',
  ENXIO: 'it is not a regular file',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ESTALE: 'the network file system has lost it',
  ETIMEDOUT: 'the network file system does not answer',
}

/** Why a call for this path failed, in words without a full stop; the system's code where there are none. */
export function fileReason(path: string, cause: unknown): string {
  const code = errorCode(cause)
  if (code === undefined) return t('unknown error')
  const reason = reasons[code]
  if (code !== 'ELOOP') return reason === undefined ? code : t(reason)
  return isCircle(path) ? t('its symbolic links lead in a circle') : t('it is a symbolic link')
}

/** What is not followed is called by the same code as what cannot be. */
function isCircle(path: string): boolean {
  try {
    statSync(path)
    return false
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return errorCode(error) === 'ELOOP'
  }
}

/** `Cannot ATTEMPT PATH: reason`; the attempt is a verb in English, translated here. An error that has its words already stays as it is. */
export function fileError(attempt: FixedText, path: string, cause: unknown): SesameError {
  if (cause instanceof SesameError) return cause
  const message = t('Cannot {attempt} {path}: {reason}', {
    attempt: t(attempt),
    path: printable(path),
    reason: fileReason(path, cause),
  })
  return new SesameError('ERR_FILE', message, { cause })
}

/** `Refusing to use PATH: why`, with a hint; both in the user's language. `code` becomes that of the cause. */
export function refused(path: string, why: string, hint: string, code?: string): SesameError {
  const cause = code === undefined ? undefined : Object.assign(new Error(why), { code })
  return new SesameError('ERR_FILE', t('Refusing to use {path}: {why}', { path: printable(path), why }), {
    hint,
    cause,
  })
}

/** Does something with the file at `path`; what the system refuses is `ERR_FILE`. */
export function inWords<T>(attempt: FixedText, path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    if (errorCode(cause) === undefined) throw cause
    throw fileError(attempt, path, cause)
  }
}

/** What lies at a path, a link as such; undefined when nothing does. @throws SesameError ERR_FILE */
export function statsOf(path: string): Stats | undefined {
  return inWords('look at', path, () => lstatSync(path, { throwIfNoEntry: false }))
}

/** The names in a directory; undefined when there is none. @throws SesameError ERR_FILE */
export function namesIn(directory: string): string[] | undefined {
  try {
    return readdirSync(directory)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw fileError('look at', directory, cause)
  }
}

/** The path without links; undefined when it leads to nothing. @throws SesameError ERR_FILE */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw fileError('look at', path, cause)
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

/** What of a mode is open to others and must not be, and the mode without it. */
export interface Repair {
  /** Bits of the mode. */
  forbidden: number
  mode: number
  /** What is said when it is closed: what could be done with it, and its mode now. */
  was(path: string, mode: string): string
  /** What is said on a read-only file system; without it, it cannot be misused there either. */
  whenReadOnly?(path: string): string
}

/** What mounts without a permission model answer to a change; most say nothing and change nothing. */
const unchangeable = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']

export const elsewhere: FixedText = 'Set SESAME_CONFIG_DIR to a directory on another file system.'

/** File systems that each listener has been warned of. */
const warned = new WeakMap<Warn, Set<number>>()

/**
 * Closes an open file or directory of ours to others, looks at it again, and says what became of it. On a read-only file system it
 * stays as it is; so it does where the file system keeps no modes (WSL's drvfs, CIFS, FAT).
 */
export function repairMode(
  path: string,
  fd: number,
  { forbidden, mode, was, whenReadOnly }: Repair,
  warn: Warn,
): void {
  try {
    fchmodSync(fd, mode)
  } catch (cause) {
    if (errorCode(cause) === 'EROFS') {
      if (whenReadOnly !== undefined) warn(whenReadOnly(printable(path)))
      return
    }
    if (!unchangeable.includes(errorCode(cause) ?? '')) throw cause
  }
  const { mode: now, dev } = fstatSync(fd)
  if ((now & forbidden) !== 0) warnOfModelessDevice(path, dev, warn)
  else warn(was(printable(path), `0${mode.toString(8)}`))
}

/** For what is not to be written there: a secret that anyone can use who can read it. */
export function keepsNoModes(path: string): SesameError {
  return refused(path, t('its file system keeps no permissions, so other users could read it'), t(elsewhere))
}

function warnOfModelessDevice(path: string, device: number, warn: Warn): void {
  const devices = warned.get(warn) ?? new Set()
  warned.set(warn, devices)
  if (devices.has(device)) return
  devices.add(device)
  warn(
    t('The file system of {path} keeps no permissions, so other users may read what is there. {elsewhere}', {
      path: printable(path),
      elsewhere: t(elsewhere),
    }),
  )
}
