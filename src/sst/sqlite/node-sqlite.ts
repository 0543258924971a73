import { errorCode } from '../../kit/index.ts'
import type { ConnectSqlite, SqliteConnection, SqliteStatement } from './connection.ts'

/** What of `node:sqlite` is in use: no more than Node 22.5 has. */
interface NodeSqlite {
  DatabaseSync: new (path: string) => SqliteConnection
}

/** Names of SQLite's result codes, by number. */
const resultCodes = [
  ...['OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT'],
  ...['IOERR', 'CORRUPT', 'NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG'],
  ...['CONSTRAINT', 'MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB'],
]

/** Node's own SQLite; undefined where Node has none: before 22.13, or before 22.5 if it is allowed by its flag. */
export function connectNodeSqlite(): ConnectSqlite | undefined {
  const sqlite = loadQuietly()
  if (sqlite === undefined) return undefined
  return (path) => {
    const database = named(() => new sqlite.DatabaseSync(path))
    return {
      prepare: (sql) => namedStatement(named(() => database.prepare(sql))),
      exec: (sql) => named(() => database.exec(sql)),
      close: () => named(() => database.close()),
    }
  }
}

/**
 * Loading it makes some versions of Node warn that it is experimental, on standard error, which is no concern of the user's. Node
 * calls `process.emitWarning` while it loads the module, and no other code runs in between.
 */
function loadQuietly(): NodeSqlite | undefined {
  const { emitWarning } = process
  process.emitWarning = function (this: unknown, ...words: Parameters<typeof emitWarning>) {
    const [warning, type] = words as [unknown, unknown]
    if (type === 'ExperimentalWarning' && /^SQLite\b/.test(String(warning))) return
    Reflect.apply(emitWarning, this, words)
  } as typeof emitWarning
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function namedStatement(statement: SqliteStatement): SqliteStatement {
  return {
    get: (...values) => named(() => statement.get(...values)),
    all: (...values) => named(() => statement.all(...values)),
    // Its own `run` also fetches the row's id, and throws for one beyond 2^53 when the row has been written.
    run: (...values) => void named(() => statement.all(...values)),
  }
}

/** Node gives SQLite's result code as a number only, with details in its upper bytes. */
function named<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Error) || errorCode(error) !== 'ERR_SQLITE_ERROR') throw error
    const number = 'errcode' in error ? Number(error.errcode) & 0xff : 1
    const code = `SQLITE_${resultCodes[number] ?? 'ERROR'}`
    throw Object.assign(new Error(error.message, { cause: error }), { code })
  }
}
