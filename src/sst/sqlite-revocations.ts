import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Clock } from '../clock.ts'
import {
  fingerprintOf,
  keptAfterExpirySeconds,
  type OpenRevocations,
  type Revocation,
  type RevocationList,
  type RevocationRequest,
} from './revocation-list.ts'
import { openSqliteDatabase, type SqliteDatabase } from './sqlite-database.ts'
import { fromHex, SqliteFollower } from './sqlite-follower.ts'
import { decodeListedText } from './token-text.ts'

/** Expired rows that one revocation takes out: more than one, so that they become fewer. */
const sweptAtOnce = 100

/** The end of the year 9999: what other programs may have written beyond is no time. */
const latest = 253_402_300_799

export interface SqliteRevocationsOptions {
  /** Path of the database; default `~/.config/sst/sst.db`, where the original's programs keep it. */
  file?: string
}

/**
 * Revocations in a SQLite database, shared with every process of this machine and with the original's programs. What
 * another process revokes is refused here within a quarter of a second, what this one revokes at once.
 */
export function sqliteRevocations({ file }: SqliteRevocationsOptions = {}): OpenRevocations {
  const path = resolve(file ?? join(homedir(), '.config', 'sst', 'sst.db'))
  return async ({ clock }) => sqliteList(await openSqliteDatabase(path, clock), clock)
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
    isRevoked(sealed, now) {
      assertUsable()
      return follower.isRevoked(sealed, now)
    },
    revoke(request) {
      assertUsable()
      if (!database.isInPlace()) throw new Error('the database file was moved or replaced')
      connection.exec('BEGIN IMMEDIATE')
      let isNew: boolean
      try {
        isNew = !follower.isListed(request.sealed)
        write(database, request)
        sweep(database, clock)
        connection.exec('COMMIT')
      } catch (error) {
        if (connection.inTransaction) connection.exec('ROLLBACK')
        throw error
      }
      follower.add(request.sealed)
      return isNew
    },
    entries() {
      assertUsable()
      return readEntries(database)
    },
    close() {
      if (open) connection.close()
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
      `SELECT hex(token), hex(userId), min(max(ifnull(CAST(t AS INTEGER), 0), 0), ${latest}), expiresAt
         FROM revocation_list LEFT JOIN sesame_expiry USING (token) ORDER BY id DESC`,
    )
    .raw()
    .all() as [string, string, number, number | null][]
  return rows.map(([token, userId, t, expiresAt]) => ({
    fingerprint: fingerprintOf(decodeListedText(fromHex(token))),
    userId: fromHex(userId),
    revokedAt: new Date(t * 1000),
    ...(expiresAt === null ? {} : { expiresAt: new Date(expiresAt * 1000) }),
  }))
}

function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
