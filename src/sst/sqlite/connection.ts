import { errorCode } from '../../kit/index.ts'

/**
 * The part of SQLite that a revocation list needs, and that the drivers have in common: rows are objects by column name, values
 * are texts and numbers. Whatever SQLite refuses is thrown as an error with a `code` that begins with `SQLITE_`.
 */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement
  /** Runs statements whose rows are of no interest. */
  exec(sql: string): void
  close(): void
}

/** Integers beyond 2^53 are lost or throw, by driver: statements select them as text. */
export interface SqliteStatement {
  get(...values: SqliteValue[]): SqliteRow | undefined
  all(...values: SqliteValue[]): SqliteRow[]
  run(...values: SqliteValue[]): void
}

type SqliteValue = string | number

export type SqliteRow = Readonly<Record<string, unknown>>

/** Opens a database file for reading and writing. Until `PRAGMA busy_timeout` its statements do not wait for other writers. */
export type ConnectSqlite = (path: string) => SqliteConnection

/** The value of a statement that selects one column, in its first row. */
export function selectOne(connection: SqliteConnection, sql: string): unknown {
  return Object.values(connection.prepare(sql).get() ?? {})[0]
}

/** Runs a pragma that changes something. */
export function pragma(connection: SqliteConnection, text: string): void {
  connection.prepare(`PRAGMA ${text}`).all()
}

/** Runs it within a transaction, `IMMEDIATE` as the only writer; whatever it throws undoes it. */
export function inTransaction<T>(
  connection: SqliteConnection,
  kind: 'DEFERRED' | 'IMMEDIATE',
  act: () => T,
): T {
  connection.exec(`BEGIN ${kind}`)
  try {
    const result = act()
    connection.exec('COMMIT')
    return result
  } catch (error) {
    rollBack(connection)
    throw error
  }
}

function rollBack(connection: SqliteConnection): void {
  try {
    connection.exec('ROLLBACK')
  } catch (error) {
    // After some failures, such as a full disk, SQLite has undone everything by itself.
    if (errorCode(error) !== 'SQLITE_ERROR') throw error
  }
}
