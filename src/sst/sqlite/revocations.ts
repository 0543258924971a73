import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Clock, readBoolean, readOptions, readText } from '../../kit/index.ts'
import {
  fingerprintOf,
  keptAfterExpirySeconds,
  type OpenRevocations,
  type Revocation,
  type RevocationList,
  type RevocationRequest,
} from '../revocation-list.ts'
import { decodeListedText } from '../token-text.ts'
import { inTransaction, pragma } from './connection.ts'
import { openSqliteDatabase, type SqliteDatabase } from './database.ts'
import { SqliteFollower } from './follower.ts'
import { fromHex } from './lookup.ts'
import { inspectDatabase } from './schema.ts'

/** Expired rows that one revocation takes out: more than one, so that they become fewer. */
const sweptAtOnce = 100

/** The end of the year 9999: what other programs may have written beyond is no time. */
const latest = 253_402_300_799

export interface SqliteRevocationsOptions {
  /** Path of the database; default `~/.config/sst/sst.db`, where the original's programs keep it. */
  file?: string
  /**
   * Make the list when there is none; default false. For set-up, as `sesame sst init` is: a service that always creates its list
   * takes every revoked token again once the file is lost.
   */
  create?: boolean
  /** Accept a database, and directories, that their group can write to, such as those of a container's volume. */
  allowShared?: boolean
}

/**
 * Revocations in a SQLite database, shared with every process of this machine and with the original's programs. What
 * another process revokes is refused here within a quarter of a second, what this one revokes at once. Opening rejects when
 * there is no list (ERR_STORE_UNAVAILABLE), or when other users could change it (ERR_FILE); a list that is moved away, replaced
 * or emptied later is noticed within as much, and from then on no token is taken.
 * @throws SesameError ERR_USAGE
 */
export function sqliteRevocations(options: SqliteRevocationsOptions = {}): OpenRevocations {
  const given = readOptions(options)
  const name = readText(given.file, 'file')
  const create = readBoolean(given.create, 'create') ?? false
  const allowShared = readBoolean(given.allowShared, 'allowShared') ?? false
  const path = resolve(name ?? join(homedir(), '.config', 'sst', 'sst.db'))
  return async ({ clock }) =>
    sqliteList(await openSqliteDatabase(path, clock, { name, create, allowShared }), clock)
}

/** The list over an open database; `follower` is shown for measurements. */
export function sqliteList(
  database: SqliteDatabase,
  clock: Clock,
): RevocationList & { follower: SqliteFollower } {
  const { connection } = database
  const follower = new SqliteFollower(database)
  let open = true

  function assertUsable(): void {
    if (!open) throw new Error('the revocation list is closed')
  }

  return {
    follower,
    created: database.created,
    isRevoked(sealed, now) {
      assertUsable()
      return follower.isRevoked(sealed, now)
    },
    revoke(request) {
      assertUsable()
      if (!database.isInPlace()) throw new Error('the database file was moved or replaced')
      const isNew = inTransaction(connection, 'IMMEDIATE', () => {
        const finding = inspectDatabase(connection)
        if (finding.kind !== 'list') throw new Error('the database is no revocation list any more')
        const wasListed = follower.lookup.isListed(request.sealed)
        write(database, request)
        sweep(database, clock)
        // Constraints, triggers and conversions of others' making can drop a row without a word.
        if (!follower.lookup.isListed(request.sealed)) throw new Error('the database has not kept the row')
        return !wasListed
      })
      follower.add(request.sealed)
      // A copy of the database without its -wal file has this revocation, too.
      pragma(connection, 'wal_checkpoint(PASSIVE)')
      return isNew
    },
    entries() {
      assertUsable()
      return readEntries(database)
    },
    close() {
      if (open) database.close()
      open = false
    },
  }
}

/** The text goes in as it was given: the Go program refuses the very texts that it finds. */
function write(
  { connection }: SqliteDatabase,
  { token, userId, revokedAt, expiresAt }: RevocationRequest,
): void {
  connection
    .prepare('INSERT OR IGNORE INTO revocation_list (token, userId, t) VALUES (?, ?, ?)')
    .run(token, userId, unixSeconds(revokedAt))
  if (expiresAt === undefined) return
  connection
    .prepare('INSERT OR IGNORE INTO sesame_expiry (token, expiresAt) VALUES (?, ?)')
    .run(token, unixSeconds(expiresAt))
}

/** The newest row stays in any case: were it gone, SQLite would give its id a second time. */
function sweep({ connection }: SqliteDatabase, clock: Clock): void {
  const before = unixSeconds(clock.now()) - keptAfterExpirySeconds
  const expired = 'SELECT token FROM sesame_expiry WHERE expiresAt < ? ORDER BY expiresAt LIMIT ?'
  connection
    .prepare(
      `DELETE FROM revocation_list WHERE token IN (${expired}) AND id < (SELECT max(id) FROM revocation_list)`,
    )
    .run(before, sweptAtOnce)
  connection
    .prepare(
      `DELETE FROM sesame_expiry WHERE token IN (${expired})
         AND NOT EXISTS (SELECT 1 FROM revocation_list WHERE revocation_list.token = sesame_expiry.token)`,
    )
    .run(before, sweptAtOnce)
}

function readEntries({ connection }: SqliteDatabase): Revocation[] {
  const rows = connection
    .prepare(
      `SELECT hex(token) AS token, hex(userId) AS userId,
           min(max(ifnull(CAST(t AS INTEGER), 0), 0), ${latest}) AS t,
           min(max(CAST(expiresAt AS INTEGER), 0), ${latest}) AS expiresAt
         FROM revocation_list LEFT JOIN sesame_expiry USING (token) ORDER BY id DESC`,
    )
    .all()
  return rows.map(({ token, userId, t, expiresAt }) => ({
    fingerprint: fingerprintOf(decodeListedText(fromHex(token))),
    userId: fromHex(userId),
    revokedAt: new Date(Number(t) * 1000),
    ...(expiresAt === null ? {} : { expiresAt: new Date(Number(expiresAt) * 1000) }),
  }))
}

function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
