import { closeSync, openSync, type Stats } from 'node:fs'
import { errorCode, printable, SesameError } from '../kit/index.ts'

/** Modes, owners and some flags mean nothing there. */
export const windows = process.platform === 'win32'

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
