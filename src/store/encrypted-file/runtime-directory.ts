import { lstatSync, type Stats, statfsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { errorCode, printable, t } from '../../kit/index.ts'

/** statfs(2): file systems that are in memory only, so that nothing is left of them on a disk. */
const inMemory = { tmpfs: 0x01021994, ramfs: 0x858458f6 }

export interface RuntimeLocation {
  platform: NodeJS.Platform
  uid: number | undefined
  /** `XDG_RUNTIME_DIR` */
  runtimeDirectory: string | undefined
}

/** Where keys may be kept in memory for a while, or why nowhere. */
export type RuntimeDirectory =
  | {
      kind: 'usable'
      /** `$XDG_RUNTIME_DIR/sesame`, which may not exist yet. */
      path: string
    }
  | {
      kind: 'unusable'
      /** Why, in words without a full stop. */
      reason: string
    }

/**
 * Looks for `$XDG_RUNTIME_DIR/sesame`: both directories must belong to this user, be closed to all others, and lie in
 * memory (XDG Base Directory Specification: the former is the session manager's to make). Nothing is created.
 */
export function findRuntimeDirectory({ platform, uid, runtimeDirectory }: RuntimeLocation): RuntimeDirectory {
  if (platform !== 'linux' || uid === undefined) return unusable(t('this platform has no directory for it'))
  if (!runtimeDirectory) return unusable(t('XDG_RUNTIME_DIR is not set'))
  if (!isAbsolute(runtimeDirectory)) return unusable(t('XDG_RUNTIME_DIR is not an absolute path'))
  try {
    const above = lstatSync(runtimeDirectory)
    const reason = objectionTo(runtimeDirectory, above, uid)
    if (reason !== undefined) return unusable(reason)
    const { type } = statfsSync(runtimeDirectory)
    if (type !== inMemory.tmpfs && type !== inMemory.ramfs)
      return unusable(t('{path} is not in memory (tmpfs)', { path: printable(runtimeDirectory) }))
    const path = join(runtimeDirectory, 'sesame')
    const own = lstatSync(path, { throwIfNoEntry: false })
    const ownReason = own && (objectionTo(path, own, uid) ?? mountObjection(path, own, above))
    return ownReason === undefined ? { kind: 'usable', path } : unusable(ownReason)
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return unusable(
      t('{path} cannot be used ({code})', {
        path: printable(runtimeDirectory),
        code,
      }),
    )
  }
}

function objectionTo(directory: string, stats: Stats, uid: number): string | undefined {
  const path = printable(directory)
  if (!stats.isDirectory()) return t('{path} is not a directory', { path })
  if (stats.uid !== uid) return t('{path} belongs to another user (uid {uid})', { path, uid: stats.uid })
  const mode = stats.mode & 0o777
  return (mode & 0o077) === 0
    ? undefined
    : t('{path} is open to other users (mode {mode}, not 700)', { path, mode: mode.toString(8) })
}

function mountObjection(path: string, own: Stats, above: Stats): string | undefined {
  return own.dev === above.dev ? undefined : t('{path} is on another file system', { path: printable(path) })
}

function unusable(reason: string): RuntimeDirectory {
  return { kind: 'unusable', reason }
}
