import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Warn } from '../kit/index.ts'
import { t } from '../kit/index.ts'
import { fileError, refused, statsOf } from './file-error.ts'
import { isPrivateDirectory, windows } from './private-directory.ts'
import { elsewhere, keepsNoModes } from './repair-mode.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants

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
