import { importPeer } from '../import-peer.ts'
import type { ConnectSqlite, SqliteConnection } from './connection.ts'
import { connectNodeSqlite } from './node-sqlite.ts'

/**
 * SQLite as this runtime has it: Node's own, else the package libsql, native code of 9 MB that is loaded only where revocations are
 * kept in SQLite.
 * @throws SesameError ERR_CONFIG when there is neither
 */
export async function loadSqlite(): Promise<ConnectSqlite> {
  const builtIn = connectNodeSqlite()
  if (builtIn !== undefined) return builtIn
  const { default: Database } = await importPeer('libsql', () => import('libsql'))
  return (path) => new Database(path) as SqliteConnection
}
