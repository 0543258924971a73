import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import {
  memoryRevocations,
  openTokenService,
  sqliteRevocations,
  type TokenService,
} from '../../src/sst/index.ts'
import { openSqliteDatabase } from '../../src/sst/sqlite/database.ts'
import { sqliteList } from '../../src/sst/sqlite/revocations.ts'
import { decodeListedText } from '../../src/sst/token-text.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { execFileSync } from '../support/run-sync.ts'
import { openDatabase } from './support/database.ts'
import { startPeer } from './support/peer-process.ts'
import { inBase64, original, otherKey, sealedOf, testDirectory } from './support/samples.ts'

/** The original's statement, word by word of its table. */
const originalTable =
  'CREATE TABLE IF NOT EXISTS revocation_list (id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE, userId TEXT, t INTEGER)'

const revoked = { kind: 'invalid', reason: 'revoked' }
const unavailable = { kind: 'invalid', reason: 'unavailable' }

const open = (file: string, clock = systemClock): Promise<TokenService> =>
  openTokenService({ key: original.key, revocations: sqliteRevocations({ file, create: true }), clock })

/** A database as the original leaves it. */
function originalDatabase(...tokens: string[]): { file: string; add(token: string): void; close(): void } {
  const file = join(testDirectory(), 'sst.db')
  const database = openDatabase(file)
  database.exec(originalTable)
  const insert = database.prepare('INSERT INTO revocation_list (token, userId, t) VALUES (?, ?, ?)')
  const add = (token: string) => void insert.run(token, 'cdiservice', 1657442443)
  for (const token of tokens) add(token)
  return { file, add, close: () => void database.close() }
}

/** Waits for something that another process has brought about. */
async function within(ms: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + ms
  while (Date.now() < end) {
    if (await condition()) return true
    await systemClock.sleep(20)
  }
  return false
}

describe("beside the original's program", () => {
  const hex = original.token.slice('SST-'.length)
  // 49 bytes end in two characters and two signs of padding; the last four bits of the second are idle.
  const looseBase64 = inBase64(original.token).replace(
    /(.)==$/,
    (_, char) => `${String.fromCharCode(char.charCodeAt(0) + 1)}==`,
  )

  test.each([
    ['as it was made', original.token],
    ['in upper case', `SST-${hex.toUpperCase()}`],
    ['in mixed case', `SST-${hex.slice(0, 60).toUpperCase()}${hex.slice(60)}`],
    ['in base64', inBase64(original.token)],
    ['in base64 with idle bits', looseBase64],
    ['with a service', `SST-ORDERS-${hex}`],
  ])('its row, %s, revokes every spelling of the token', async (_, row) => {
    expect(decodeListedText(row)).toEqual(sealedOf(original.token))
    const { file, close } = originalDatabase(row)
    close()
    for (const spelling of [
      original.token,
      `SST-${hex.toUpperCase()}`,
      inBase64(original.token),
      `SST-BILLING-${hex}`,
    ]) {
      const tokens = await open(file)
      expect(await tokens.verify(spelling)).toEqual(revoked)
      // Once answered from the index, then from memory.
      expect(await tokens.verify(spelling)).toEqual(revoked)
      await tokens.close()
    }
  })

  test('what it writes while we run is seen, and what we write it can read', async () => {
    const { file, add, close } = originalDatabase()
    const tokens = await open(file)
    const token = tokens.create('bob')
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    add(token)
    expect(await within(1000, async () => (await tokens.verify(token)).kind === 'invalid')).toBe(true)
    const mine = tokens.create('eve')
    expect(await tokens.revoke(mine)).toEqual({ kind: 'revoked', userId: 'eve', wasRevoked: false })
    const reader = openDatabase(file)
    const row = reader
      .prepare('SELECT token, userId, typeof(t) AS type FROM revocation_list ORDER BY id DESC')
      .get()
    expect(row).toMatchObject({ token: mine, userId: 'eve', type: 'integer' })
    reader.close()
    await tokens.close()
    close()
  })

  test('another SQLite library writes to the same open database', async () => {
    const file = join(testDirectory(), 'sst.db')
    const tokens = await open(file)
    const token = tokens.create('bob')
    const { length } = (await listed(tokens)) ?? []
    expect(length).toBe(0)
    const sql = `INSERT INTO revocation_list (token, userId, t) VALUES ('${token}', 'bob', 1); PRAGMA integrity_check;`
    expect(runSqlite(file, sql)).toContain('ok')
    expect(await within(1000, async () => (await tokens.verify(token)).kind === 'invalid')).toBe(true)
    const other = tokens.create('eve')
    await tokens.revoke(other)
    expect(runSqlite(file, 'SELECT userId FROM revocation_list ORDER BY id')).toBe('bob\neve')
  })

  test('[case 97] rows that are no tokens, and columns that are empty, do no harm', async () => {
    const { file, close } = originalDatabase('', 'nonsense', 'SST-', '😀')
    const database = openDatabase(file)
    database.exec(
      "INSERT INTO revocation_list (token, userId, t) VALUES (NULL, NULL, NULL), (x'00ff', x'ff', 'soon')",
    )
    database.exec("INSERT INTO revocation_list (id, token) VALUES (9007199254740999, 'x'), (-5, 'y')")
    const tokens = await open(file)
    database.exec("INSERT INTO sesame_expiry VALUES ('nonsense', 'soon'), ('x', 9223372036854775807)")
    expect(await tokens.verify(original.token)).toMatchObject({ kind: 'valid' })
    expect(await tokens.verify(original.token)).toMatchObject({ kind: 'valid' })
    await tokens.revoke(original.token)
    expect(await tokens.verify(original.token)).toEqual(revoked)
    const list = await listed(tokens)
    expect(list).toHaveLength(9)
    for (const { expiresAt } of list ?? [])
      if (expiresAt !== undefined) expect(expiresAt.getTime()).not.toBeNaN()
    database.close()
    close()
  })

  test('[case 97] a newest row of texts that are no UTF-8', async () => {
    const { file, close } = originalDatabase()
    const database = openDatabase(file)
    const text = "CAST(x'ff' AS TEXT)"
    database.exec(`INSERT INTO revocation_list (token, userId, t) VALUES (${text}, ${text}, ${text})`)
    const tokens = await open(file)
    expect(await tokens.verify(original.token)).toMatchObject({ kind: 'valid' })
    expect(await listed(tokens)).toMatchObject([{ revokedAt: new Date(0) }])
    await tokens.close()
    database.close()
    close()
  })
})

async function listed(tokens: TokenService) {
  const list = await tokens.list()
  return list.kind === 'listed' ? list.revocations : undefined
}

/** With the sqlite3 of Python, which is SQLite itself and not libSQL; where there is no Python, with a libSQL process. */
function runSqlite(file: string, sql: string): string {
  const python = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for statement in sys.argv[2].split(';'):
    for row in db.execute(statement): print(row[0])
db.commit()`
  const node = `const db = new (require('libsql'))(process.argv[1])
for (const sql of process.argv[2].split(';').filter(Boolean)) {
  const statement = db.prepare(sql)
  if (!statement.reader) statement.run()
  else for (const row of statement.raw().all()) console.log(row[0])
}`
  try {
    return execFileSync('python3', ['-c', python, file, sql], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return execFileSync(process.execPath, ['-e', node, file, sql], { encoding: 'utf8' }).trim()
  }
}

describe('[case 97] revoking', () => {
  test('twice, in another spelling, expired, or what is no token', async () => {
    const clock = fakeClock(new Date())
    const tokens = await open(join(testDirectory(), 'sst.db'), clock)
    const token = tokens.create('bob', { ttlSeconds: 60 })
    const [first, again, respelled] = [token, token, `SST-X-${token.slice(4)}`]
    expect(await tokens.revoke(first)).toEqual({ kind: 'revoked', userId: 'bob', wasRevoked: false })
    expect(await tokens.revoke(again)).toEqual({ kind: 'revoked', userId: 'bob', wasRevoked: true })
    expect(await tokens.revoke(respelled)).toEqual({ kind: 'revoked', userId: 'bob', wasRevoked: true })
    const ended = tokens.create('eve', { ttlSeconds: 1 })
    clock.advance(2000)
    expect(await tokens.revoke(ended)).toEqual({ kind: 'revoked', userId: 'eve', wasRevoked: false })
    expect(await tokens.revoke(`${token}00`)).toEqual({ kind: 'not-revoked', reason: 'forged' })
    const others = await openTokenService({
      key: otherKey,
      revocations: sqliteRevocations({ file: join(testDirectory(), 'x.db'), create: true }),
    })
    expect(await others.revoke(original.token)).toEqual({ kind: 'not-revoked', reason: 'forged' })
  })

  test('[case 112] entries vanish only 400 days after the token has ended; those of lasting tokens never', async () => {
    const clock = fakeClock(new Date('2026-11-21T08:00:00Z'))
    const file = join(testDirectory(), 'sst.db')
    const tokens = await open(file, clock)
    const short = tokens.create('short', { ttlSeconds: 60 })
    await tokens.revoke(tokens.create('lasting'))
    await tokens.revoke(short)
    const names = async () => (await listed(tokens))?.map(({ userId }) => userId)
    clock.advance(400 * 86_400_000)
    await tokens.revoke(tokens.create('second', { ttlSeconds: 60 }))
    expect(await names()).toEqual(['second', 'short', 'lasting'])
    clock.advance(61_000)
    await tokens.revoke(tokens.create('third', { ttlSeconds: 60 }))
    expect(await names()).toEqual(['third', 'second', 'lasting'])
    const [third] = (await listed(tokens)) ?? []
    expect(third).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      userId: 'third',
      revokedAt: new Date('2027-12-26T08:01:01Z'),
      expiresAt: new Date('2027-12-26T08:02:01Z'),
    })
  })

  test('[case 112] a clock that runs three days ahead, or a year, and is set back', async () => {
    const start = new Date('2026-11-21T08:00:00Z')
    const clock = fakeClock(start)
    const sqlite = sqliteRevocations({ file: join(testDirectory(), 'x.db'), create: true })
    // In memory it is looked for expired ones when there are many.
    for (const [revocations, others] of [
      [sqlite, 2],
      [memoryRevocations(), 1100],
    ] as const) {
      clock.setWallClock(start)
      const tokens = await openTokenService({ key: original.key, revocations, clock })
      const token = tokens.create('bob', { ttlSeconds: 3600 })
      await tokens.revoke(token)
      for (const days of [3, 365]) {
        clock.setWallClock(new Date(start.getTime() + days * 86_400_000))
        for (let n = 0; n < others; n++) await tokens.revoke(tokens.create('eve', { ttlSeconds: 60 }))
        clock.setWallClock(start)
        expect(await tokens.verify(token)).toEqual(revoked)
      }
      await tokens.close()
    }
  })

  test('rows taken out by hand and ids given a second time do not hide a revocation', async () => {
    const { file, add, close } = originalDatabase()
    const clock = fakeClock(new Date())
    const tokens = await open(file, clock)
    const [first, second] = [tokens.create('a'), tokens.create('b')]
    add(first)
    expect(await tokens.verify(first)).toEqual(revoked)
    const database = openDatabase(file)
    database.exec('DELETE FROM revocation_list')
    add(second)
    clock.advance(200)
    expect(await tokens.verify(second)).toEqual(revoked)
    expect(await tokens.verify(first)).toMatchObject({ kind: 'valid' })
    database.close()
    close()
  })
})

describe('[case 98] two processes', () => {
  test('what one revokes the other refuses within a second, the one itself at once', async () => {
    const file = join(testDirectory(), 'sst.db')
    const tokens = await open(file)
    const peer = await startPeer({ key: original.key, file })
    for (let round = 0; round < 3; round++) {
      const token = tokens.create(`user ${round}`)
      expect(await peer.ask('verify', token)).toMatchObject({ kind: 'valid' })
      expect(await tokens.revoke(token)).toMatchObject({ kind: 'revoked' })
      expect(await tokens.verify(token)).toEqual(revoked)
      expect(await within(1000, async () => (await peer.ask('verify', token)).reason === 'revoked')).toBe(
        true,
      )
    }
  })

  test('verifying and revoking at once: after revoke has returned, no verify takes it', async () => {
    const tokens = await open(join(testDirectory(), 'sst.db'))
    for (let round = 0; round < 50; round++) {
      const token = tokens.create('bob')
      const before = [tokens.verify(token), tokens.verify(token)]
      const revoking = tokens.revoke(token)
      before.push(tokens.verify(token))
      await revoking
      expect(await tokens.verify(token)).toEqual(revoked)
      await Promise.all(before)
    }
  })

  test('killed in the midst of revoking: what was confirmed is there, and the database is whole', async () => {
    const file = join(testDirectory(), 'sst.db')
    const tokens = await open(file)
    for (let round = 0; round < 4; round++) {
      const peer = await startPeer({ key: original.key, file })
      const confirmed: string[] = []
      for (let n = 0; n < 5; n++) {
        const token = tokens.create(`user ${n}`)
        expect(await peer.ask('revoke', token)).toMatchObject({ kind: 'revoked' })
        confirmed.push(token)
      }
      for (let n = 0; n < 200; n++) peer.tell('revoke', tokens.create('unconfirmed'))
      await peer.kill()
      const after = await open(file)
      for (const token of confirmed) expect(await after.verify(token)).toEqual(revoked)
      await after.close()
    }
    const database = openDatabase(file)
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    database.close()
  })

  test('another writer is waited for, but not for ever', async () => {
    const file = join(testDirectory(), 'sst.db')
    const tokens = await open(file)
    const token = tokens.create('bob')
    const writer = openDatabase(file)
    writer.exec('BEGIN IMMEDIATE')
    expect(await tokens.revoke(token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    writer.exec('COMMIT')
    expect(await tokens.revoke(token)).toMatchObject({ kind: 'revoked' })
    writer.close()
  })

  test('twenty open the same new database at once', async () => {
    const file = join(testDirectory(), 'new', 'sst.db')
    const all = await Promise.all(Array.from({ length: 20 }, () => open(file)))
    const [token = ''] = all.map((tokens) => tokens.create('bob'))
    await all[0]?.revoke(token)
    for (const tokens of all) expect(await tokens.verify(token)).toEqual(revoked)
  })
})

describe('[case 96] fails closed', () => {
  test('a file that is no database, or a damaged one, is not opened', async () => {
    const file = join(testDirectory(), 'sst.db')
    writeFileSync(file, 'x'.repeat(10_000))
    await expect(open(file)).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
    rmSync(file)
    const tokens = await open(file)
    await tokens.revoke(tokens.create('bob'))
    await tokens.close()
    runSqlite(file, 'PRAGMA wal_checkpoint(TRUNCATE)')
    const { size } = statSync(file)
    for (const name of ['sst.db-wal', 'sst.db-shm']) rmSync(join(file, '..', name), { force: true })
    writeFileSync(file, Buffer.alloc(size - 100, 0xa5), { flag: 'r+' })
    await expect(open(file)).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
  })

  test('a table with other columns is not taken for a revocation list', async () => {
    const file = join(testDirectory(), 'sst.db')
    const database = openDatabase(file)
    database.exec('CREATE TABLE revocation_list (id INTEGER PRIMARY KEY, name TEXT)')
    database.close()
    await expect(open(file)).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
  })

  test('a database that was moved away, replaced or closed under a running service', async () => {
    const file = join(testDirectory(), 'sst.db')
    const clock = fakeClock(new Date())
    const tokens = await open(file, clock)
    const token = tokens.create('bob')
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    rmSync(file)
    clock.advance(200)
    expect(await tokens.verify(token)).toEqual(unavailable)
    expect(await tokens.revoke(token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
    const second = await open(file, clock)
    clock.advance(200)
    expect(await tokens.verify(token)).toEqual(unavailable)
    expect(await second.verify(token)).toMatchObject({ kind: 'valid' })
    await second.close()
    expect(await second.verify(token)).toEqual(unavailable)
  })
})

describe('files', () => {
  test('what is made is for its owner only', async () => {
    const directory = join(testDirectory(), 'a', 'b')
    const file = join(directory, 'sst.db')
    const tokens = await open(file)
    await tokens.revoke(original.token)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    for (const name of ['', '-wal', '-shm']) expect(statSync(file + name).mode & 0o777, name).toBe(0o600)
  })

  test('a database that all users can write to is refused; a directory is none', async () => {
    const file = join(testDirectory(), 'sst.db')
    writeFileSync(file, '')
    chmodSync(file, 0o666)
    await expect(open(file)).rejects.toMatchObject({ code: 'ERR_FILE' })
    mkdirSync(`${file}.d`)
    await expect(open(`${file}.d`)).rejects.toMatchObject({ code: 'ERR_FILE' })
  })
})

test('[case 97] a hundred thousand revocations are read in little by little, and refused from the first question', async () => {
  const { file, close } = originalDatabase()
  const writer = openDatabase(file)
  writer.exec(`INSERT INTO revocation_list (token, userId, t) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    SELECT 'SST-' || lower(hex(randomblob(52))), 'user', 1700000000 FROM n`)
  const sample = String(writer.prepare('SELECT token FROM revocation_list WHERE id = 77777').get()?.token)
  const database = await openSqliteDatabase(file, systemClock)
  const { follower, isRevoked } = sqliteList(database, systemClock)
  expect(isRevoked(sealedOf(sample), new Date())).toBe(true)
  expect(follower.isInStep).toBe(false)
  let questions = 1
  let longestMs = 0
  while (!follower.isInStep) {
    const start = process.cpuUsage()
    const answer = isRevoked(sealedOf(original.token), new Date())
    const { user, system } = process.cpuUsage(start)
    expect(answer).toBe(false)
    longestMs = Math.max(longestMs, (user + system) / 1000)
    questions++
  }
  expect(questions).toBeLessThan(300)
  expect(longestMs).toBeLessThan(100)
  expect(isRevoked(sealedOf(sample), new Date())).toBe(true)
  const plan = database.connection
    .prepare(
      'EXPLAIN QUERY PLAN SELECT token FROM revocation_list WHERE lower(substr(token, -36, 32)) IN (?, ?)',
    )
    .all('a', 'b')
  expect(plan.map(({ detail }) => detail).join()).toMatch(/SEARCH revocation_list USING INDEX/)
  writer.close()
  close()
})
