import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { errorCode, type FixedText, printable, SesameError, t } from '../kit/index.ts'

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

/** What Node calls with a path, and how messages say it. */
const attempts: Readonly<Record<string, FixedText>> = {
  access: 'use',
  chdir: 'use',
  chmod: 'change',
  copyfile: 'copy',
  ftruncate: 'write',
  link: 'create',
  lstat: 'look at',
  mkdir: 'create the directory',
  open: 'open',
  opendir: 'look at',
  read: 'read',
  readlink: 'look at',
  realpath: 'look at',
  rename: 'write',
  rm: 'remove',
  rmdir: 'remove',
  scandir: 'look at',
  stat: 'look at',
  statfs: 'look at',
  symlink: 'create',
  unlink: 'remove',
  utime: 'change',
  write: 'write',
}

/** The words for an error of the file system that reached the end of the program; undefined for any other error. */
export function strayFileError(error: unknown): SesameError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || typeof error.syscall !== 'string')
    return undefined
  if (error.syscall === 'uv_cwd') {
    return new SesameError('ERR_FILE', t('The current directory does not exist any more.'), {
      hint: t('Change to another directory.'),
      cause: error,
    })
  }
  const attempt = attempts[error.syscall.replace(/^f(?=sync$|stat$|chmod$)/, '')]
  if (attempt === undefined) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : t('a file')
  return fileError(attempt, path, error)
}
