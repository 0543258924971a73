import { type Clock, errorCode, type FixedText, printable, SesameError, t } from '../../kit/index.ts'
import { noListAt } from '../revocation-list.ts'
import { type ConnectSqlite, pragma, type SqliteConnection, selectOne } from './connection.ts'
import { loadSqlite } from './driver.ts'
import { findListFile, type ListFile } from './file.ts'
import { completeList, createList, type Finding, inspectDatabase } from './schema.ts'

/** An open database that holds a revocation list. */
export interface SqliteDatabase {
  connection: SqliteConnection
  /** True when it was made just now. */
  created: boolean
  /** Of the schema that was inspected. */
  schemaVersion: unknown
  /** False when another file lies at the path by now, or none: then what is written here is lost. */
  isInPlace(): boolean
  close(): void
}

export interface SqliteDatabaseOptions {
  /** Make the list when there is none: no file, an empty one, or a database without any table. */
  create?: boolean
  /** Accept files and directories that their group can write to. */
  allowShared?: boolean
  /** How the person named it, for the command in a hint; undefined for the usual place. */
  name?: string | undefined
}

/** How long one of several writers waits for its turn. */
const busyTimeoutMs = 2000
const busyAttempts = 20
const busyPauseMs = 50

/**
 * Opens the revocation list at an absolute path. Other programs may have it open. Without `create` nothing is ever made: a
 * list that is not there must not count as one in which nothing is revoked.
 * @throws SesameError ERR_FILE, ERR_STORE_UNAVAILABLE, ERR_CONFIG
 */
export async function openSqliteDatabase(
  path: string,
  clock: Clock,
  { create = false, allowShared = false, name }: SqliteDatabaseOptions = {},
): Promise<SqliteDatabase> {
  // Before a file is made: without it none could be filled.
  const connectSqlite = await loadSqlite()
  const file = findListFile(path, { create, allowShared })
  if (file === undefined || (file.bytes === 0 && !create)) throw noListAt(name)
  for (let attempt = 1; ; attempt++) {
    try {
      return open(connectSqlite, file, { create, allowShared, name })
    } catch (cause) {
      // Switching to WAL and making the schema do not wait for other writers as later statements do.
      if (isBusy(cause) && attempt < busyAttempts) {
        await clock.sleep(busyPauseMs)
        continue
      }
      throw databaseError(path, cause)
    }
  }
}

function open(
  connectSqlite: ConnectSqlite,
  file: ListFile,
  { create, allowShared, name }: { create: boolean; allowShared: boolean; name: string | undefined },
): SqliteDatabase {
  const connection = connectSqlite(file.realPath)
  try {
    pragma(connection, `busy_timeout = ${busyTimeoutMs}`)
    pragma(connection, 'trusted_schema = OFF')
    checkSize(connection, file)
    let inspected = inspect(connection)
    if (inspected.kind === 'empty' && !create) throw noListAt(name)
    if (inspected.kind === 'refused') throw notAList(file.path, inspected.why)
    pragma(connection, 'journal_mode = WAL')
    pragma(connection, 'synchronous = FULL')
    const created = inspected.kind === 'empty' && createList(connection)
    if (completeList(connection) || inspected.kind === 'empty') inspected = inspect(connection)
    if (inspected.kind !== 'list') throw notAList(file.path, t('it has changed meanwhile'))
    const { schemaVersion } = inspected
    // Not left to the -wal file, which copies and backups may leave behind.
    if (created) pragma(connection, 'wal_checkpoint(PASSIVE)')
    // A damaged file shows here and not at the first token.
    connection
      .prepare('SELECT hex(id), hex(token), hex(t) FROM revocation_list ORDER BY id DESC LIMIT 1')
      .all()
    // Who could write to the directory may have laid a side file there in between.
    findListFile(file.path, { create: false, allowShared })
    file.noteSideFiles()
    if (!file.isInPlace()) throw notAList(file.path, t('it was replaced'))
    return {
      connection,
      created,
      schemaVersion,
      isInPlace: () => file.isInPlace(),
      close: () => close(connection),
    }
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The version is read first: what changes in between is found at the first look. */
function inspect(connection: SqliteConnection): Finding & { schemaVersion: unknown } {
  const schemaVersion = selectOne(connection, 'PRAGMA schema_version')
  return { ...inspectDatabase(connection), schemaVersion }
}

/** Brings everything into the file itself, if no other connection is open: libsql leaves the -wal file behind. */
function close(connection: SqliteConnection): void {
  try {
    pragma(connection, 'busy_timeout = 0')
    pragma(connection, 'wal_checkpoint(TRUNCATE)')
  } catch (error) {
    // A damaged or full disk: nothing is lost by leaving it there.
    if (errorCode(error)?.startsWith('SQLITE_') !== true) throw error
  } finally {
    connection.close()
  }
}

/**
 * SQLite takes what is missing of the last page for zeros, and looks for whole pages only when it needs them. The newest ones may
 * still be in the -wal file: then they are brought over first.
 */
function checkSize(connection: SqliteConnection, file: ListFile): void {
  const read = (name: string) => Number(selectOne(connection, `PRAGMA ${name}`))
  const pageSize = read('page_size')
  if (file.bytesNow() < read('page_count') * pageSize) pragma(connection, 'wal_checkpoint(PASSIVE)')
  const bytes = file.bytesNow()
  if (bytes % pageSize !== 0) throw notAList(file.path, t('it was truncated'))
  if (bytes >= read('page_count') * pageSize) return
  // A reader of an older state may have kept pages from being brought over: worth another try.
  throw notAList(file.path, t('it was truncated'), { code: 'SQLITE_BUSY' })
}

function isBusy(error: unknown): boolean {
  const code = errorCode(error instanceof SesameError ? error.cause : error)
  return code?.startsWith('SQLITE_BUSY') || code?.startsWith('SQLITE_LOCKED') || false
}

const restore: FixedText = 'Without it no token can be trusted. Restore it, or name another with --db.'

/** @param why a reason in our own words */
export function notAList(path: string, why: string, cause?: unknown): SesameError {
  const message = t('{path} cannot be used as revocation list: {why}.', { path: printable(path), why })
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint: t(restore), cause })
}

function databaseError(path: string, cause: unknown): SesameError {
  if (cause instanceof SesameError) return cause
  return new SesameError(
    'ERR_STORE_UNAVAILABLE',
    t('The revocation list {path} cannot be used ({code}).', {
      path: printable(path),
      code: errorCode(cause) ?? t('unknown error'),
    }),
    { hint: t(restore), cause },
  )
}
