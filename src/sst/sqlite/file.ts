import { closeSync, constants, openSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  checkTrustedFile,
  ensurePrivateDirectory,
  fileError,
  followTrusted,
  inWords,
} from '../../files/index.ts'
import { errorCode, t } from '../../kit/index.ts'

const sideFiles = ['-wal', '-shm', '-journal']

/** The file of a revocation list. */
export interface ListFile {
  /** As the caller named it, absolute. */
  path: string
  /** Without links: where SQLite puts its side files, too. */
  realPath: string
  /** When it was found. */
  bytes: number
  bytesNow(): number
  /** Remembers the side files that an open database has. */
  noteSideFiles(): void
  /** False when another file lies at the path by now, or none, or an emptied one: what is written here is lost then. */
  isInPlace(): boolean
}

/**
 * Looks for the file of a list: one that only this user and root can change, in directories where only they can replace it,
 * with side files for which the same holds. Undefined when there is none, or with `create` a new one (0600, its directories
 * 0700). The file is never opened here: closing it would take away the locks that SQLite holds for this process.
 * @throws SesameError ERR_FILE
 */
export function findListFile(
  path: string,
  { create, allowShared }: { create: boolean; allowShared: boolean },
): ListFile | undefined {
  if (create && targetOf(dirname(path)) === undefined) {
    ensurePrivateDirectory(dirname(path), () => undefined)
  }
  let found = followTrusted(path, { allowShared })
  if (found.stats === undefined) {
    if (!create) return undefined
    createEmpty(found.path)
    found = followTrusted(path, { allowShared })
  }
  const { path: realPath, stats } = found
  if (stats === undefined) return undefined
  const why = t('other users can write to it, and could take revocations back')
  const check = (name: string, of: Stats) =>
    checkTrustedFile(name, of, { forbidden: 0o022, why, allowShared })
  check(path, stats)
  for (const end of sideFiles) {
    const side = followTrusted(realPath + end, { allowShared })
    if (side.stats !== undefined) check(side.path, side.stats)
  }
  return openedFile(path, realPath, stats)
}

function openedFile(path: string, realPath: string, stats: Stats): ListFile {
  const sides = new Map<string, Stats>()
  return {
    path,
    realPath,
    bytes: stats.size,
    bytesNow: () => targetOf(path)?.size ?? 0,
    noteSideFiles() {
      for (const end of ['-wal', '-shm']) {
        const side = targetOf(realPath + end)
        if (side !== undefined) sides.set(realPath + end, side)
      }
    },
    isInPlace() {
      const now = targetOf(path)
      if (now === undefined || now.size === 0 || !isSame(now, stats)) return false
      for (const [side, former] of sides) {
        const present = targetOf(side)
        if (present === undefined || !isSame(present, former)) return false
      }
      return true
    },
  }
}

/** What lies at the end of a path and its links. */
function targetOf(path: string): Stats | undefined {
  return inWords('look at', path, () => statSync(path, { throwIfNoEntry: false }))
}

function isSame(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino
}

/** SQLite itself would make the file with whatever the umask leaves. */
function createEmpty(path: string): void {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants
  try {
    closeSync(openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw fileError('create', path, cause)
  }
}
