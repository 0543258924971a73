import type { SqliteConnection } from '../../../src/sst/sqlite/connection.ts'
import { loadSqlite } from '../../../src/sst/sqlite/driver.ts'

const connect = await loadSqlite()

/**
 * Opens a database as another program does. It is the same driver that the revocation list has: two copies of SQLite in one
 * process do not see each other's locks.
 */
export function openDatabase(file: string): SqliteConnection {
  return connect(file)
}
