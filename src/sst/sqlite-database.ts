import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type Libsql from 'libsql'
import type { Clock } from '../clock.ts'
import { errorCode, SesameError } from '../errors.ts'
import { printable } from '../printable.ts'
import { fileError, refused, windows } from '../private-access.ts'
import { ensurePrivateDirectory } from '../private-directory.ts'

/** An open database, and which file it was. */
export interface SqliteDatabase {
  connection: Libsql.Database
  /** False when another file lies at the path by now, or none: then what is written here is lost. */
  isInPlace(): boolean
}

/** How long one of several writers waits for its turn. */
const busyTimeoutMs = 2000
const busyAttempts = 20
const busyPauseMs = 50

/**
 * The first statement is the original's table. The index finds a token whoever wrote it and however it is spelled: both
 * encodings are one to one up to their last characters (`lookupKeys`). The other table is ours, and the original's
 * program does not look at it: when a revoked token would have ended by itself.
 */
const schema = `
CREATE TABLE IF NOT EXISTS revocation_list (id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE, userId TEXT, t INTEGER);
CREATE INDEX IF NOT EXISTS sesame_sealed ON revocation_list (lower(substr(token, -36, 32)));
CREATE TABLE IF NOT EXISTS sesame_expiry (token TEXT NOT NULL PRIMARY KEY, expiresAt INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sesame_expiry_time ON sesame_expiry (expiresAt);`

/**
 * Opens the database at an absolute path, and makes it (0600, in a directory with 0700) when there is none. Other
 * programs may have it open. @throws SesameError ERR_FILE, ERR_STORE_UNAVAILABLE, ERR_CONFIG
 */
export async function openSqliteDatabase(path: string, clock: Clock): Promise<SqliteDatabase> {
  const identity = prepareFile(path)
  const Database = await loadLibsql()
  for (let attempt = 1; ; attempt++) {
    try {
      return { connection: connect(Database, path), isInPlace: () => sameFile(path, identity) }
    } catch (cause) {
      // Switching to WAL and making the schema do not wait for other writers as later statements do.
      const busy =
        errorCode(cause)?.startsWith('SQLITE_BUSY') || errorCode(cause)?.startsWith('SQLITE_LOCKED')
      if (busy && attempt < busyAttempts) {
        await clock.sleep(busyPauseMs)
        continue
      }
      throw databaseError(path, cause)
    }
  }
}

function connect(Database: typeof Libsql, path: string): Libsql.Database {
  const connection = new Database(path, { timeout: busyTimeoutMs })
  try {
    connection.pragma('journal_mode = WAL')
    connection.pragma('synchronous = FULL')
    const { length } = connection.prepare("SELECT 1 FROM sqlite_master WHERE name LIKE 'sesame_%'").all()
    if (length < 3) connection.exec(`BEGIN IMMEDIATE;${schema}\nCOMMIT;`)
    // A table of the same name with other columns, or a damaged file, shows here and not at the first token.
    connection.prepare('SELECT id, token, userId, t FROM revocation_list ORDER BY id DESC LIMIT 1').all()
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The library is native code of 9 MB: loaded by whoever keeps revocations in SQLite, and by nobody else. */
async function loadLibsql(): Promise<typeof Libsql> {
  try {
    return (await import('libsql')).default
  } catch (cause) {
    throw new SesameError('ERR_CONFIG', 'SQLite cannot be loaded on this platform.', {
      hint: 'Keep the revocations in Redis, or install the package libsql with its optional dependencies.',
      cause,
    })
  }
}

/** SQLite itself would make the file with whatever the umask leaves. */
function prepareFile(path: string): FileIdentity {
  const directory = dirname(path)
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) {
    ensurePrivateDirectory(directory, () => undefined)
  }
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NONBLOCK ?? 0), 0o600)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) throw refused(path, 'it is not a regular file', 'Name another database.')
      if (!windows && (stats.mode & 0o002) !== 0) {
        throw refused(
          path,
          'everybody can write to it, and could take revocations back',
          `Run "chmod o-w ${printable(path)}".`,
        )
      }
      return stats
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    throw fileError('open', path, cause)
  }
}

interface FileIdentity {
  dev: number
  ino: number
}

function sameFile(path: string, { dev, ino }: FileIdentity): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && stats.dev === dev && stats.ino === ino
}

function databaseError(path: string, cause: unknown): SesameError {
  if (cause instanceof SesameError) return cause
  return new SesameError(
    'ERR_STORE_UNAVAILABLE',
    `The revocation list ${printable(path)} cannot be used (${errorCode(cause) ?? 'unknown error'}).`,
    { hint: 'Without it no token can be trusted. Restore it, or name another with --db.', cause },
  )
}
