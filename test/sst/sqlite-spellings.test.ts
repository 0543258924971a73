import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { type SqliteConnection, selectOne } from '../../src/sst/sqlite/connection.ts'
import { openSqliteDatabase } from '../../src/sst/sqlite/database.ts'
import { fromHex, SqliteLookup } from '../../src/sst/sqlite/lookup.ts'
import { sqliteList } from '../../src/sst/sqlite/revocations.ts'
import { decodeListedText } from '../../src/sst/token-text.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { openDatabase } from './support/database.ts'
import { inBase64, original, sealedOf, testDirectory } from './support/samples.ts'

const sealed = sealedOf(original.token)
const [hex, base64] = [original.token, inBase64(original.token)]

/** A list with many rows before the one that is looked for, open. */
async function listWith(rows: number, insert: (database: SqliteConnection) => void) {
  const file = join(testDirectory(), 'sst.db')
  const writer = openDatabase(file)
  writer.exec(
    'CREATE TABLE revocation_list (id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE, userId TEXT, t INTEGER)',
  )
  writer.exec(`INSERT INTO revocation_list (token, userId, t) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    SELECT 'SST-' || lower(hex(randomblob(52))), 'user', 1700000000 FROM n`)
  insert(writer)
  const clock = fakeClock(new Date())
  const database = await openSqliteDatabase(file, systemClock)
  const list = sqliteList(database, systemClock)
  return { writer, database, list, clock, asks: () => list.isRevoked(sealed, clock.now()) }
}

const insert = "INSERT INTO revocation_list (token, userId, t) VALUES (?, 'cdiservice', 1)"

const add = (token: string | Buffer) => (database: SqliteConnection) => {
  if (typeof token === 'string') database.prepare(insert).run(token)
  // The binding aborts the process when it is handed bytes.
  else database.exec(insert.replace('?', `x'${token.toString('hex')}'`))
}

describe('[case 111] behind or in step, the answer is the same', () => {
  test.each<[string, string | Buffer]>([
    ['with a line break', `${hex}\n`],
    ['with a break inside', `${hex.slice(0, 40)}\r\n${hex.slice(40)}`],
    ['with blanks of Unicode', `\u00a0${hex}\u2028`],
    ['in mixed case', hex.slice(0, 50) + hex.slice(50).toUpperCase()],
    ['in base64', base64],
    ['in base64 without padding', base64.replace(/=+$/, '')],
    ['in base64 with more padding', `${base64}==`],
    ['in base64 for URLs', base64.replaceAll('+', '-').replaceAll('/', '_')],
    ['in base64 with other signs inside', `${base64.slice(0, 30)}.${base64.slice(30)}`],
    ['as bytes', Buffer.from(hex)],
    ['with another prefix', `x@y ${hex}`],
    ['with something behind a zero', `${hex.slice(0, 20)}\0${hex.slice(20)}`],
  ])('a token %s', async (_, row) => {
    const expected = decodeListedText(String(row)).equals(sealed)
    const { list, asks, writer } = await listWith(3000, add(row))
    expect(asks()).toBe(expected)
    expect(list.follower.isInStep).toBe(false)
    while (!list.follower.isInStep) expect(asks()).toBe(expected)
    expect(asks()).toBe(expected)
    list.close()
    writer.close()
  })

  test('whatever is written: what memory would take for the token is found in the table, too', async () => {
    const file = join(testDirectory(), 'sst.db')
    const { connection } = await openSqliteDatabase(file, systemClock, { create: true })
    const lookup = new SqliteLookup(connection)
    const insert = connection.prepare('INSERT INTO revocation_list (token) VALUES (?)')
    const odd = fc.constantFrom(
      '\n',
      ' ',
      '=',
      '_',
      '-',
      '.',
      '\0',
      '\u00a0',
      'é',
      'A',
      '0',
      '!',
      '\ud83d\ude00',
    )
    const edit = fc.record({ at: fc.nat(105), cut: fc.nat(1), text: odd })
    await fc.assert(
      fc.property(
        fc.constantFrom(hex, base64, hex.toUpperCase()),
        fc.array(edit, { maxLength: 3 }),
        (text, edits) => {
          let row = text
          for (const { at, cut, text: more } of edits) row = row.slice(0, at) + more + row.slice(at + cut)
          connection.exec('DELETE FROM revocation_list')
          insert.run(row)
          const read = fromHex(selectOne(connection, 'SELECT hex(token) FROM revocation_list'))
          expect(lookup.isListed(sealed), JSON.stringify(row)).toBe(decodeListedText(read).equals(sealed))
        },
      ),
      { numRuns: 500 },
    )
    connection.close()
  })

  test.each<[string, (database: SqliteConnection) => void]>([
    [
      'with an id before all others',
      (database) => database.prepare('INSERT INTO revocation_list (id, token) VALUES (-5, ?)').run(hex),
    ],
    [
      'in place of another row',
      (database) => database.prepare('UPDATE revocation_list SET token = ? WHERE id = 7').run(hex),
    ],
    [
      'under an id that was given before',
      (database) => {
        database.exec('DELETE FROM revocation_list WHERE id = (SELECT max(id) FROM revocation_list)')
        add(hex)(database)
        add(`${hex.slice(0, -2)}00`)(database)
      },
    ],
    [
      'after the greatest id was used up',
      (database) => {
        database.exec("INSERT INTO revocation_list (id, token) VALUES (9223372036854775807, 'x')")
        add(hex)(database)
      },
    ],
  ])('a row that comes %s', async (_, change) => {
    for (const rows of [10, 3000]) {
      const { list, asks, writer, clock } = await listWith(rows, () => undefined)
      while (!list.follower.isInStep) expect(asks()).toBe(false)
      change(writer)
      clock.advance(200)
      expect(asks()).toBe(true)
      while (!list.follower.isInStep) expect(asks()).toBe(true)
      expect(asks()).toBe(true)
      list.close()
      writer.close()
    }
  })

  test('a clock that is none does not keep it from looking', async () => {
    const { list, writer } = await listWith(3, () => undefined)
    const nowhere = new Date(Number.NaN)
    expect(list.isRevoked(sealed, nowhere)).toBe(false)
    add(hex)(writer)
    expect(list.isRevoked(sealed, nowhere)).toBe(true)
    list.close()
    writer.close()
  })
})
