import { linkSync } from 'node:fs'
import { errorCode } from '../kit/index.ts'

/* What not every system does, and not every file system. */

/** Modes, owners and some flags mean nothing there. */
export const windows = process.platform === 'win32'

/**
 * Gives a finished file a second name in one step: `exists` when something has that name already. `impossible` is everything
 * else: file systems without hard links (FAT, exFAT, network and virtual ones) say so in a dozen ways, such as EPERM, ENOTSUP,
 * EOPNOTSUPP, ENOSYS, EXDEV, EINVAL, EACCES, and EISDIR on Windows. An exclusive open of the name then decides, and
 * what is really wrong shows there.
 */
export function linkFile(from: string, to: string): 'linked' | 'exists' | 'impossible' {
  try {
    linkSync(from, to)
    return 'linked'
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return code === 'EEXIST' ? 'exists' : 'impossible'
  }
}

/** Whether Windows refused because another process (a virus scanner, a reader) has the file open, or is just deleting it. */
export function isBusy(error: unknown): boolean {
  return windows && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '')
}

/** Does it again, for half a second, while Windows says that the file is busy. */
export function whileBusy<T>(act: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return act()
    } catch (error) {
      if (!isBusy(error) || attempt === 10) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * 10)
    }
  }
}
