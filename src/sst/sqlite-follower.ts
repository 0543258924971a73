import type Libsql from 'libsql'
import { RevokedSet } from './revoked-set.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { decodeListedText } from './token-text.ts'

/** How often a running process looks whether another one has written: well within a second. */
const lookEveryMs = 200

/** Rows read at one go: well under a millisecond, so that nobody waits while a million of them is read in. */
const rowsPerStep = 512

const tagLength = 16
const beforeFirst = '-9223372036854775808'

/**
 * A text column, fetched with SQL's `hex`: the binding aborts the whole process on a text that is no UTF-8, and nothing keeps
 * other programs from writing one.
 */
export function fromHex(text: string): string {
  return Buffer.from(text, 'hex').toString('utf8')
}

/**
 * Answers "is it revoked?" from memory, in step with the database. While it is behind (at the start, after somebody else
 * has written), each question reads some more rows in, and is itself answered from the table's index.
 */
export class SqliteFollower {
  readonly #database: SqliteDatabase
  readonly #version: Libsql.Statement<unknown[]>
  readonly #step: Libsql.Statement<unknown[]>
  readonly #tokenOf: Libsql.Statement<unknown[]>
  readonly #count: Libsql.Statement<unknown[]>
  readonly #lookup: Libsql.Statement<unknown[]>
  #revoked = new RevokedSet()
  /** The last row that was read in: ids grow, as long as it is still there. */
  #lastId = beforeFirst
  #lastToken: string | undefined
  #seenVersion: unknown
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #inStep = false

  constructor(database: SqliteDatabase) {
    this.#database = database
    const { connection } = database
    this.#version = connection.prepare('PRAGMA data_version').raw()
    this.#step = connection
      .prepare(
        `SELECT CAST(max(id) AS TEXT), group_concat(text) FROM
           (SELECT id, hex(token) AS text FROM revocation_list WHERE id > CAST(? AS INTEGER) ORDER BY id LIMIT ?)`,
      )
      .raw()
    this.#tokenOf = connection
      .prepare('SELECT hex(token) FROM revocation_list WHERE id = CAST(? AS INTEGER)')
      .raw()
    this.#count = connection.prepare('SELECT count(*) FROM revocation_list').raw()
    this.#lookup = connection
      .prepare('SELECT hex(token) FROM revocation_list WHERE lower(substr(token, -36, 32)) IN (?, ?)')
      .raw()
  }

  /** Bytes of memory that the revocations take. */
  get byteLength(): number {
    return this.#revoked.byteLength
  }

  /** True when every row has been read in. */
  get isInStep(): boolean {
    return this.#inStep
  }

  /** By the wall clock, which the caller has read already: when somebody sets it, that counts as time gone by. */
  isRevoked(sealed: Buffer, now: Date): boolean {
    const nowMs = now.getTime()
    if (Math.abs(nowMs - this.#lookedAtMs) >= lookEveryMs) this.#look(nowMs)
    if (!this.#inStep) this.#readSome()
    return this.#inStep ? this.#revoked.has(sealed) : this.isListed(sealed)
  }

  /** Looks a token up in the table itself, through its index. */
  isListed(sealed: Buffer): boolean {
    const rows = this.#lookup.all(...lookupKeys(sealed)) as [string][]
    return rows.some(([text]) => decodeListedText(fromHex(text)).equals(sealed))
  }

  /** This process has written: other connections' changes alone show in `data_version`. */
  add(sealed: Buffer): void {
    this.#revoked.add(sealed)
  }

  /** Has another process written since? */
  #look(nowMs: number): void {
    if (!this.#database.isInPlace()) throw new Error('the database file was moved or replaced')
    const version = (this.#version.get() as [unknown])[0]
    this.#lookedAtMs = nowMs
    if (version === this.#seenVersion) return
    // The version is remembered before the rows are read: what is written in between is found at the next look.
    this.#seenVersion = version
    this.#inStep = false
    if (this.#lastToken !== undefined && this.#textOf(this.#lastId) !== this.#lastToken) this.#startOver()
  }

  #readSome(): void {
    if (this.#revoked.isFull && this.#revoked.size > 2 * this.#rows()) this.#startOver()
    const [maxId, joined] = this.#step.get(this.#lastId, rowsPerStep) as [string | null, string | null]
    const texts = joined?.split(',') ?? []
    for (const text of texts) {
      const sealed = decodeListedText(fromHex(text))
      if (sealed.length >= tagLength) this.#revoked.add(sealed)
    }
    if (maxId !== null) {
      this.#lastId = maxId
      this.#lastToken = texts.at(-1)
    }
    this.#inStep = texts.length < rowsPerStep
  }

  /** Rows have been taken out, so ids may have been given a second time; or most of what is remembered is gone. */
  #startOver(): void {
    this.#revoked = new RevokedSet()
    this.#lastId = beforeFirst
    this.#lastToken = undefined
  }

  #textOf(id: string): string | undefined {
    return (this.#tokenOf.get(id) as [string] | undefined)?.[0]
  }

  #rows(): number {
    return (this.#count.get() as [number])[0]
  }
}

/**
 * What the index holds for a token: 32 characters from the 36th before the end, in lower case. In hexadecimal and in
 * base64 alike they follow from the sealed bytes; the last four, where base64 has padding and idle bits, are left out.
 */
function lookupKeys(sealed: Buffer): [string, string] {
  return [sealed.toString('hex').slice(-36, -4), sealed.toString('base64').slice(-36, -4).toLowerCase()]
}
