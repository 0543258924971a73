import { fchmodSync, fstatSync } from 'node:fs'
import { errorCode, type FixedText, printable, type SesameError, t, type Warn } from '../kit/index.ts'
import { refused } from './file-error.ts'

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

export const elsewhere: FixedText = 'Set SESAME_CONFIG_DIR to a directory on another file system.'

/** For what is not to be written there: a secret that anyone can use who can read it. */
export function keepsNoModes(path: string): SesameError {
  return refused(path, t('its file system keeps no permissions, so other users could read it'), t(elsewhere))
}

/** File systems that each listener has been warned of. */
const warned = new WeakMap<Warn, Set<number>>()

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
