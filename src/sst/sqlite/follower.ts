import { t } from '../../kit/index.ts'
import { RevokedSet } from '../revoked-set.ts'
import { decodeListedText } from '../token-text.ts'
import { inTransaction, type SqliteStatement } from './connection.ts'
import type { SqliteDatabase } from './database.ts'
import { fromHex, SqliteLookup } from './lookup.ts'
import { inspectDatabase, notAList } from './schema.ts'

/** How often a running process looks whether another one has written: well within a second. */
const lookEveryMs = 200

/** Rows read at one go: well under a millisecond, so that no request waits while a million of them is read in. */
const rowsPerStep = 512

const tagLength = 16
const beforeFirst = '-9223372036854775808'

/**
 * Answers "is it revoked?" from memory, in step with the database. While it is behind (at the start, after another process
 * has written), each question reads some more rows in, and is itself answered from the table, of which memory and the
 * table's indexes together show every row. The first question reads none: a command has no second one.
 */
export class SqliteFollower {
  readonly lookup: SqliteLookup
  readonly #database: SqliteDatabase
  readonly #version: SqliteStatement
  readonly #schema: SqliteStatement
  readonly #step: SqliteStatement
  readonly #textOf: SqliteStatement
  readonly #count: SqliteStatement
  #revoked = new RevokedSet()
  /** The last row that was read in, and how many there were: new ones come behind it, unless a program chooses ids. */
  #lastId = beforeFirst
  #lastText: string | undefined
  #rowsRead = 0
  /** Something was written, and no new row has shown what. */
  #isUnexplained = false
  #seenVersion: unknown
  #seenSchema: unknown
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #inStep = false
  #hasIrregular = false
  #isFirst = true

  constructor(database: SqliteDatabase) {
    this.#database = database
    const { connection } = database
    this.lookup = new SqliteLookup(connection)
    this.#version = connection.prepare('PRAGMA data_version')
    this.#seenSchema = database.schemaVersion
    this.#schema = connection.prepare('PRAGMA schema_version')
    this.#step = connection.prepare(
      `SELECT CAST(max(id) AS TEXT) AS lastId, group_concat(text) AS joined FROM
         (SELECT id, hex(token) AS text FROM revocation_list WHERE id > CAST(? AS INTEGER) ORDER BY id LIMIT ?)`,
    )
    this.#textOf = connection.prepare(
      'SELECT hex(token) AS text FROM revocation_list WHERE id = CAST(? AS INTEGER)',
    )
    this.#count = connection.prepare('SELECT count(*) AS rows FROM revocation_list')
  }

  /** Bytes of memory that the revocations take. */
  get byteLength(): number {
    return this.#revoked.byteLength
  }

  /** True when every row has been read in. */
  get isInStep(): boolean {
    return this.#inStep
  }

  /** By the wall clock, which the caller has read already: when it is set, that counts as time gone by. */
  isRevoked(sealed: Buffer, now: Date): boolean {
    const nowMs = now.getTime()
    // Written so that a time that is no number counts as time gone by, too.
    if (!(Math.abs(nowMs - this.#lookedAtMs) < lookEveryMs)) this.#look(nowMs)
    if (!this.#inStep) this.#catchUp()
    return this.#revoked.has(sealed) || (!this.#inStep && this.lookup.isIndexed(sealed))
  }

  /** This process has written: other connections' changes alone show in `data_version`. */
  add(sealed: Buffer): void {
    this.#revoked.add(sealed)
  }

  /** Has another process written since? */
  #look(nowMs: number): void {
    if (!this.#database.isInPlace()) throw new Error('the database file was moved or replaced')
    const version = this.#version.get()?.data_version
    if (version !== this.#seenVersion) {
      this.#checkSchema()
      this.#isUnexplained ||= this.#inStep
      this.#inStep = false
      this.#hasIrregular = false
      // The version is remembered before the rows are read: what is written in between is found at the next look.
      this.#seenVersion = version
    }
    this.#lookedAtMs = nowMs
  }

  /** A trigger, or a table in place of ours, may have come since the list was opened. */
  #checkSchema(): void {
    const schema = this.#schema.get()?.schema_version
    if (schema === this.#seenSchema) return
    const finding = inspectDatabase(this.#database.connection)
    if (finding.kind !== 'list')
      throw notAList(t('The database'), finding.kind === 'empty' ? t('it is empty') : finding.why)
    this.#seenSchema = schema
  }

  /** All of one instant: rows that come and go meanwhile would make the count right by chance. */
  #catchUp(): void {
    inTransaction(this.#database.connection, 'DEFERRED', () => {
      if (!this.#isFirst) this.#readSome()
      if (!this.#inStep) this.#readIrregular()
    })
    this.#isFirst = false
  }

  #readSome(): void {
    if (this.#lastText !== undefined && this.#textOf.get(this.#lastId)?.text !== this.#lastText)
      this.#startOver()
    const { lastId, joined } = this.#step.get(this.#lastId, rowsPerStep) ?? {}
    const texts = typeof joined === 'string' ? joined.split(',') : []
    for (const text of texts) this.#remember(decodeListedText(fromHex(text)))
    if (typeof lastId === 'string') {
      this.#lastId = lastId
      this.#lastText = texts.at(-1)
      this.#rowsRead += texts.length
      this.#isUnexplained = false
    }
    if (texts.length < rowsPerStep) this.#judgeStep(Number(this.#count.get()?.rows))
  }

  /**
   * Everything behind the last row has been read in. More rows than that: some were put in between, with ids that
   * a program chose. Fewer: some were taken out, as expired ones are. No new row although something was written: rows were changed.
   */
  #judgeStep(rows: number): void {
    const hasMissed = rows > this.#rowsRead || this.#isUnexplained
    if (hasMissed || (this.#revoked.isFull && this.#revoked.size > 2 * rows)) this.#startOver()
    else {
      this.#rowsRead = rows
      this.#inStep = true
    }
  }

  /** What the index of tokens does not show is remembered before the first answer. */
  #readIrregular(): void {
    if (this.#hasIrregular) return
    for (const token of this.lookup.irregularTokens()) this.#remember(token)
    this.#hasIrregular = true
  }

  #remember(sealed: Buffer): void {
    if (sealed.length >= tagLength) this.#revoked.add(sealed)
  }

  #startOver(): void {
    this.#revoked = new RevokedSet()
    this.#lastId = beforeFirst
    this.#lastText = undefined
    this.#rowsRead = 0
    this.#isUnexplained = false
    this.#hasIrregular = false
  }
}
