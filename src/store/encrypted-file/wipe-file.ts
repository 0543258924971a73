import { closeSync, constants, fstatSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { fileError, statsOf } from '../../files/index.ts'
import { errorCode } from '../../kit/index.ts'

const { O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants

/** Overwrites a file of ours with zeros and removes it: what it held is in no freed page of memory then. Throws `ERR_FILE`. */
export function wipe(path: string): void {
  const fd = openToWipe(path)
  const instance = fd === undefined ? undefined : fstatSync(fd).ino
  if (fd !== undefined) overwrite(fd)
  try {
    // Another process may have unlocked anew since: its key stays.
    const now = statsOf(path)
    if (now !== undefined && (instance === undefined || now.ino === instance)) unlinkSync(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw fileError('remove', path, error)
  }
}

/** Opens a regular file of ours to be overwritten. Links are not followed: they go as they are. */
export function openToWipe(path: string): number | undefined {
  try {
    const fd = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    const stats = fstatSync(fd)
    if (stats.isFile() && stats.uid === process.getuid?.()) return fd
    closeSync(fd)
    return undefined
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** Overwrites with zeros what is open, and closes it. */
export function overwrite(fd: number): void {
  try {
    writeSync(fd, Buffer.alloc(Math.min(fstatSync(fd).size, 2 ** 20)), 0, undefined, 0)
  } finally {
    closeSync(fd)
  }
}
