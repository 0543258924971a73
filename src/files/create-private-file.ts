import { closeSync, constants, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from '../kit/index.ts'
import { fileError } from './private-access.ts'
import { syncDirectory } from './private-file.ts'

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants

/**
 * Makes a new file (0600) in an existing directory; false when anything lies at `path`, a dangling link too, which stays as it
 * is. Of several processes one makes it. The file appears whole, except on file systems without hard links.
 * @throws SesameError ERR_FILE
 */
export function createPrivateFile(path: string, data: string | Uint8Array): boolean {
  // Loaded on writing only, as in `writePrivateFile`.
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const temporary = `${path}.${process.pid}-${randomBytes(8).toString('hex')}.tmp`
  try {
    write(temporary, data)
    try {
      linkSync(temporary, path)
    } catch (cause) {
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errorCode(cause) ?? ''))
        throw cause
      write(path, data)
    } finally {
      rmSync(temporary, { force: true })
    }
    syncDirectory(dirname(path))
    return true
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw fileError('write', path, cause)
  }
}

function write(path: string, data: string | Uint8Array): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    writeFileSync(fd, data)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
