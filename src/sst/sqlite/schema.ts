import { errorCode, type FixedText, printable, SesameError, t } from '../../kit/index.ts'
import { inTransaction, type SqliteConnection, selectOne } from './connection.ts'

/** What follows the last hyphen of a token's text. */
const body = `substr(token, length(rtrim(token, '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/=._')) + 1)`

/**
 * True for a row that the index of tokens may miss: its text is neither plain hexadecimal nor plain base64 behind the last
 * hyphen (line breaks, loose padding, bytes in place of text). `decodeListedText` understands such texts all the same. The
 * common form comes first, since finding the last hyphen is slow.
 */
export const irregular = `CASE
  WHEN typeof(token) <> 'text' OR length(CAST(token AS BLOB)) <> length(token) THEN 1
  WHEN length(token) % 2 = 0 AND token GLOB 'SST-*' AND substr(token, 5) NOT GLOB '*[^0-9a-f]*' THEN 0
  WHEN token GLOB '*[^-A-Za-z0-9+/=._]*' THEN 1
  WHEN length(${body}) % 2 = 0 AND ${body} NOT GLOB '*[^0-9a-fA-F]*' THEN 0
  WHEN length(${body}) % 4 = 0 AND length(${body}) - length(rtrim(${body}, '=')) < 3
    AND rtrim(${body}, '=') NOT GLOB '*[^A-Za-z0-9+/]*' THEN 0
  ELSE 1 END = 1`

/**
 * The first statement is the original's table. `sesame_sealed` finds a token whichever program wrote it, in any spelling: both
 * encodings are one to one up to their last characters (`SqliteLookup`); `sesame_irregular` lists the rows that it cannot find.
 * The other table is ours, and the original's program does not look at it: when a revoked token would have ended by itself.
 */
const table =
  'CREATE TABLE revocation_list (id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE, userId TEXT, t INTEGER);'
const additions = `
CREATE INDEX IF NOT EXISTS sesame_sealed ON revocation_list (lower(substr(token, -36, 32)));
CREATE INDEX IF NOT EXISTS sesame_irregular ON revocation_list (id) WHERE ${irregular};
CREATE TABLE IF NOT EXISTS sesame_expiry (token TEXT NOT NULL PRIMARY KEY, expiresAt INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sesame_expiry_time ON sesame_expiry (expiresAt);`
const added = "'sesame_sealed', 'sesame_irregular', 'sesame_expiry', 'sesame_expiry_time'"

/** What a database is to us. */
export type Finding =
  | { kind: 'list' }
  /** Nothing is in it. */
  | { kind: 'empty' }
  /** Not usable as a list, and why. */
  | { kind: 'refused'; why: string }

/** Looks at a database without changing it. Whatever cannot be read throws. */
export function inspectDatabase(connection: SqliteConnection): Finding {
  const one = (sql: string) => selectOne(connection, sql)
  // The names of what is in it come as hexadecimal: libsql aborts the process on a text that is no UTF-8.
  const kindOf = (name: string) =>
    one(`SELECT hex(type) FROM sqlite_master WHERE lower(name) = '${name}' AND type IN ('table', 'view')`)
  const inHex = (text: string) => Buffer.from(text).toString('hex').toUpperCase()

  if (one('PRAGMA encoding') !== 'UTF-8') return refusal(t('its text encoding is not UTF-8'))
  const found = kindOf('revocation_list')
  if (found === undefined || found === null) {
    return one('SELECT count(*) FROM sqlite_master') === 0 && one('PRAGMA application_id') === 0
      ? { kind: 'empty' }
      : refusal(t('it is the database of another application'))
  }
  const expiry = kindOf('sesame_expiry') ?? inHex('table')
  if (found !== inHex('table') || expiry !== inHex('table')) return refusal(t('its list is a view'))
  if (!hasColumns(connection, 'revocation_list', ['id', 'token', 'userid', 't']))
    return refusal(t('its list has other columns'))
  const rowId = `SELECT count(*) FROM pragma_table_xinfo('revocation_list') WHERE pk > 0 AND upper(type) = 'INTEGER' AND lower(name) = 'id'`
  const keys = `SELECT count(*) FROM pragma_table_xinfo('revocation_list') WHERE pk > 0`
  if (one(rowId) !== 1 || one(keys) !== 1) return refusal(t('its list has other columns'))
  const triggers = `SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND (lower(tbl_name) IN ('revocation_list', 'sesame_expiry')
      OR sql LIKE '%revocation\\_list%' ESCAPE '\\' OR sql LIKE '%sesame\\_expiry%' ESCAPE '\\')`
  return one(triggers) === 0 ? { kind: 'list' } : refusal(t('it has triggers on the list'))
}

/** Makes the list in an empty database. False when another process has been quicker. */
export function createList(connection: SqliteConnection): boolean {
  return inTransaction(connection, 'IMMEDIATE', () => {
    if (inspectDatabase(connection).kind !== 'empty') return false
    connection.exec(table + additions)
    return true
  })
}

/** Adds to a list of the original, or of an older sesame, what ours has beside it. False when nothing was missing. */
export function completeList(connection: SqliteConnection): boolean {
  const names = connection.prepare(`SELECT 1 FROM sqlite_master WHERE name IN (${added})`).all()
  if (names.length === 4) return false
  inTransaction(connection, 'IMMEDIATE', () => connection.exec(additions))
  return true
}

function hasColumns(connection: SqliteConnection, name: string, wanted: readonly string[]): boolean {
  const rows = connection
    .prepare(`SELECT hex(lower(name)) AS name FROM pragma_table_xinfo('${name}') WHERE hidden = 0`)
    .all()
  const columns = rows.map((row) => Buffer.from(String(row.name), 'hex').toString('utf8'))
  return wanted.every((column) => columns.includes(column))
}

function refusal(why: string): Finding {
  return { kind: 'refused', why }
}

const restore: FixedText = 'Without it no token can be trusted. Restore it, or name another with --db.'

/** @param why a reason in our own words */
export function notAList(path: string, why: string, cause?: unknown): SesameError {
  const message = t('{path} cannot be used as revocation list: {why}.', { path: printable(path), why })
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint: t(restore), cause })
}

/** A call that failed, in words; what has its words already stays as it is. */
export function databaseError(path: string, cause: unknown): SesameError {
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
