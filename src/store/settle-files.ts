import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { abandonedBeside, ensurePrivateDirectory, isPrivateDirectory } from '../files/index.ts'
import { errorCode, SesameError, type StoreName, type Warn } from '../kit/index.ts'

/** The stores that keep files, and the directories of those files. */
export const fileStores = {
  'encrypted-file': 'secrets',
  plaintext: 'plaintext-secrets',
} as const satisfies Partial<Record<StoreName, string>>

export interface FilePlace {
  /** The state directory: the files of the file stores are in a directory there. */
  directory: string
  /** The configuration directory, in which versions before 0.3 had them. */
  former?: string | undefined
  warn: Warn
}

/**
 * The directory that has the files of a store, after those of a version before 0.3 were moved to where they belong: at once by
 * renaming, else by a copy that appears whole. Many processes may do so at the same time. What cannot be moved is used where it is.
 * @throws SesameError ERR_FILE for a former directory that another user could have put there
 */
export function settleFiles(store: keyof typeof fileStores, { directory, former, warn }: FilePlace): string {
  const name = fileStores[store]
  const target = join(directory, name)
  if (former === undefined || former === directory || existsSync(target)) return directory
  const source = join(former, name)
  if (!isPrivateDirectory(source, warn)) return directory
  try {
    ensurePrivateDirectory(directory, warn)
    if (!rename(source, target)) copy(source, target)
    return directory
  } catch (error) {
    // Another process may have been quicker.
    if (existsSync(target)) return directory
    if (!(error instanceof SesameError) && errorCode(error) === undefined) throw error
    return former
  }
}

/** False where only a copy can be made: from another file system, or out of a directory that cannot be written to. */
function rename(source: string, target: string): boolean {
  try {
    renameSync(source, target)
    return true
  } catch (error) {
    if (['EXDEV', 'EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false
    throw error
  }
}

/** The copy appears whole; only then is the source removed, unless it cannot be. Secrets that a killed process copied half-way go. */
function copy(source: string, target: string): void {
  for (const left of abandonedBeside(target)) rmSync(left, { recursive: true, force: true })
  const temporary = `${target}.${process.pid}-${process.hrtime.bigint().toString(16).padStart(16, '0')}.tmp`
  mkdirSync(temporary, { mode: 0o700 })
  try {
    for (const name of readdirSync(source)) {
      const path = join(source, name)
      if (lstatSync(path).isFile()) copyFileSync(path, join(temporary, name))
    }
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    throw error
  }
  try {
    rmSync(source, { recursive: true, force: true })
  } catch (error) {
    if (errorCode(error) === undefined) throw error
  }
}
