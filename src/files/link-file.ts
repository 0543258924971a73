import { linkSync } from 'node:fs'
import { errorCode } from '../kit/index.ts'

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
