import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import {
  openTokenService,
  type SqliteRevocationsOptions,
  sqliteRevocations,
  type TokenService,
} from '../../src/sst/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { openDatabase } from './support/database.ts'
import { original, testDirectory } from './support/samples.ts'

const revoked = { kind: 'invalid', reason: 'revoked' }
const unavailable = { kind: 'invalid', reason: 'unavailable' }
const table =
  'CREATE TABLE revocation_list (id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE, userId TEXT, t INTEGER)'

const open = (options: SqliteRevocationsOptions, clock = systemClock): Promise<TokenService> =>
  openTokenService({ key: original.key, revocations: sqliteRevocations(options), clock })

/** A path in a directory of its own. */
const newPath = () => join(testDirectory(), 'sst.db')

function emptyFile(): string {
  const file = newPath()
  writeFileSync(file, '', { mode: 0o600 })
  return file
}

/** A database that other programs have made. */
function database(...statements: string[]): string {
  const file = newPath()
  const connection = openDatabase(file)
  for (const statement of statements) connection.exec(statement)
  connection.close()
  return file
}

/** A list with one revoked token, closed. */
async function usedList(): Promise<string> {
  const file = newPath()
  const tokens = await open({ file, create: true })
  expect(await tokens.revoke(original.token)).toMatchObject({ kind: 'revoked' })
  await tokens.close()
  return file
}

describe('[case 103] only who asks for it makes a list', () => {
  test.each([
    ['no file', newPath],
    ['no directory', () => join(testDirectory(), 'typo', 'sst.db')],
    ['an empty file', () => emptyFile()],
    ['a database without a table', () => database('VACUUM')],
  ])('%s: not without create, and with it', async (_, prepare) => {
    const file = prepare()
    const before = existsSync(file) ? readFileSync(file) : undefined
    await expect(open({ file })).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
      hint: `sesame sst init --db ${file}`,
    })
    expect(existsSync(file) ? readFileSync(file) : undefined).toEqual(before)
    const made = await sqliteRevocations({ file, create: true })({ clock: systemClock, log: () => undefined })
    expect(made.created).toBe(true)
    await made.close()
    const tokens = await open({ file })
    expect(await tokens.verify(original.token)).toMatchObject({ kind: 'valid' })
    await tokens.close()
    const again = await sqliteRevocations({ file, create: true })({
      clock: systemClock,
      log: () => undefined,
    })
    expect(again.created).toBe(false)
    await again.close()
  })

  test('what create finds it leaves: revocations, and the databases of others', async () => {
    const file = await usedList()
    const tokens = await open({ file, create: true })
    expect(await tokens.verify(original.token)).toEqual(revoked)
    await tokens.close()
    const foreign = database('CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY)')
    const marked = database('PRAGMA application_id = 7', 'VACUUM')
    for (const other of [foreign, marked]) {
      const content = readFileSync(other)
      await expect(open({ file: other, create: true })).rejects.toMatchObject({
        code: 'ERR_STORE_UNAVAILABLE',
      })
      await expect(open({ file: other })).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
      expect(readFileSync(other)).toEqual(content)
    }
  })

  test('a truncated list is refused, wherever it was cut', async () => {
    const file = await usedList()
    const { size } = statSync(file)
    for (const length of [size - 1, size - 4096, size >> 1, 4096, 100, 16, 1]) {
      const cut = newPath()
      copyFileSync(file, cut)
      chmodSync(cut, 0o600)
      truncateSync(cut, length)
      for (const create of [false, true]) {
        await expect(open({ file: cut, create }), `${length} bytes`).rejects.toMatchObject({
          code: 'ERR_STORE_UNAVAILABLE',
        })
      }
    }
  })

  test('a truncated list is refused while another process has it open, too', async () => {
    const file = newPath()
    const tokens = await open({ file, create: true })
    await tokens.revoke(original.token)
    for (const less of [4096, 1]) {
      truncateSync(file, statSync(file).size - less)
      for (const create of [false, true]) {
        await expect(open({ file, create }, fakeClock())).rejects.toMatchObject({
          code: 'ERR_STORE_UNAVAILABLE',
        })
      }
    }
    await tokens.close()
  })

  test('a copy of the database without its side files has every revocation', async () => {
    const file = newPath()
    const tokens = await open({ file, create: true })
    await tokens.revoke(original.token)
    const copy = newPath()
    copyFileSync(file, copy)
    chmodSync(copy, 0o600)
    expect(await (await open({ file: copy })).verify(original.token)).toEqual(revoked)
  })

  test.each<[string, (file: string) => void]>([
    ['deleted', (file) => rmSync(file)],
    ['moved away', (file) => renameSync(file, `${file}.old`)],
    [
      'replaced by a copy',
      (file) => {
        cpSync(file, `${file}.copy`)
        renameSync(`${file}.copy`, file)
      },
    ],
    ['emptied', (file) => truncateSync(file, 0)],
    ['left without its log', (file) => rmSync(`${file}-wal`)],
    [
      'replaced by a link',
      (file) => {
        cpSync(file, `${file}.copy`)
        rmSync(file)
        symlinkSync(`${file}.copy`, file)
      },
    ],
  ])('a list that is %s under a running service', async (_, change) => {
    const file = newPath()
    const clock = fakeClock(new Date())
    const tokens = await open({ file, create: true }, clock)
    const token = tokens.create('bob')
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    change(file)
    clock.advance(200)
    expect(await tokens.verify(token)).toEqual(unavailable)
    expect(await tokens.verify(token)).toEqual(unavailable)
    expect(await tokens.revoke(token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
  })
})

describe('[case 108] others must not be able to change the list', () => {
  test.each([0o620, 0o602, 0o666, 0o660])('mode %o', async (mode) => {
    const file = await usedList()
    chmodSync(file, mode)
    await expect(open({ file })).rejects.toMatchObject({
      code: 'ERR_FILE',
      hint: expect.stringContaining('chmod go-w'),
    })
    const shared = open({ file, allowShared: true })
    if ((mode & 0o002) !== 0) await expect(shared).rejects.toMatchObject({ code: 'ERR_FILE' })
    else expect(await (await shared).verify(original.token)).toEqual(revoked)
  })

  test('a list that others can read is none of their doing: the original makes such', async () => {
    const file = await usedList()
    chmodSync(file, 0o644)
    expect(await (await open({ file })).verify(original.token)).toEqual(revoked)
  })

  test.each([0o775, 0o777])('a directory of mode %o', async (mode) => {
    const file = await usedList()
    chmodSync(join(file, '..'), mode)
    await expect(open({ file })).rejects.toMatchObject({ code: 'ERR_FILE' })
    await expect(open({ file: join(file, '..', 'new.db'), create: true })).rejects.toMatchObject({
      code: 'ERR_FILE',
    })
    expect(existsSync(join(file, '..', 'new.db'))).toBe(false)
  })

  test('links: to a list of ours, to nothing; a second name', async () => {
    const file = await usedList()
    const link = newPath()
    symlinkSync(file, link)
    expect(await (await open({ file: link })).verify(original.token)).toEqual(revoked)
    const dangling = newPath()
    symlinkSync(join(file, '..', 'none.db'), dangling)
    for (const create of [false, true]) {
      await expect(open({ file: dangling, create })).rejects.toMatchObject({ code: 'ERR_FILE' })
    }
    expect(existsSync(join(file, '..', 'none.db'))).toBe(false)
    linkSync(file, `${file}.second`)
    await expect(open({ file })).rejects.toMatchObject({ code: 'ERR_FILE' })
  })

  test.runIf(process.getuid?.() === 0).each(['', '-wal', '-shm', '-journal'])(
    'a database%s of another user',
    async (end) => {
      const file = await usedList()
      if (end !== '') writeFileSync(file + end, '', { mode: 0o600 })
      chownSync(file + end, 4242, 4242)
      await expect(open({ file })).rejects.toMatchObject({ code: 'ERR_FILE' })
      await expect(open({ file, allowShared: true })).rejects.toMatchObject({ code: 'ERR_FILE' })
    },
  )

  test.each(['-wal', '-shm', '-journal'])('a %s that others can write to, or that is a link', async (end) => {
    const file = await usedList()
    writeFileSync(file + end, '')
    chmodSync(file + end, 0o666)
    await expect(open({ file })).rejects.toMatchObject({ code: 'ERR_FILE' })
    rmSync(file + end)
    symlinkSync(join(testDirectory(), 'none'), file + end)
    await expect(open({ file })).rejects.toMatchObject({ code: 'ERR_FILE' })
  })
})

describe('[case 110] a database that would not keep a revocation', () => {
  test.each([
    ['in UTF-16', ["PRAGMA encoding = 'UTF-16'", table]],
    ['in big-endian UTF-16', ["PRAGMA encoding = 'UTF-16be'", table]],
    ['in UTF-16, empty', ["PRAGMA encoding = 'UTF-16'", 'CREATE TABLE x (y)', 'DROP TABLE x']],
    [
      'with a trigger that drops the row',
      [
        table,
        'CREATE TRIGGER x AFTER INSERT ON revocation_list BEGIN DELETE FROM revocation_list WHERE id = NEW.id; END',
      ],
    ],
    [
      'with a trigger before it',
      [table, 'CREATE TRIGGER x BEFORE INSERT ON Revocation_List BEGIN SELECT RAISE(IGNORE); END'],
    ],
    [
      'with a trigger on another table',
      [
        table,
        'CREATE TABLE o (a)',
        'CREATE TRIGGER x AFTER INSERT ON o BEGIN DELETE FROM revocation_list; END',
      ],
    ],
    [
      'with a view in place of the list',
      [
        'CREATE TABLE r (id INTEGER, token TEXT, userId TEXT, t INTEGER)',
        'CREATE VIEW revocation_list AS SELECT * FROM r',
        'CREATE TRIGGER x INSTEAD OF INSERT ON revocation_list BEGIN SELECT 1; END',
      ],
    ],
    [
      'with ids that do not grow',
      ['CREATE TABLE revocation_list (id TEXT PRIMARY KEY, token TEXT, userId TEXT, t INTEGER)'],
    ],
    [
      'without ids',
      ['CREATE TABLE revocation_list (id INTEGER, token TEXT PRIMARY KEY, userId TEXT, t INTEGER)'],
    ],
  ])('%s is not opened', async (_, statements) => {
    const file = database(...statements)
    for (const create of [false, true]) {
      await expect(open({ file, create })).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
    }
  })

  test.each([
    [
      'a constraint',
      'id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE CHECK (length(token) < 20), userId TEXT, t INTEGER',
    ],
    ['one row per user', 'id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE, userId TEXT UNIQUE, t INTEGER'],
    [
      'a further column',
      'id INTEGER NOT NULL PRIMARY KEY, token TEXT UNIQUE, userId TEXT, t INTEGER, more TEXT NOT NULL',
    ],
  ])('%s that drops the row: not revoked', async (_, columns) => {
    const file = database(`CREATE TABLE revocation_list (${columns})`)
    const tokens = await open({ file })
    const [first, second] = [tokens.create('bob'), tokens.create('bob')]
    await tokens.revoke(first)
    expect(await tokens.revoke(second)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
    expect(await tokens.verify(second)).toMatchObject({ kind: 'valid' })
    await tokens.close()
  })

  test('a trigger that comes while the service runs', async () => {
    const file = await usedList()
    const clock = fakeClock(new Date())
    const tokens = await open({ file }, clock)
    const token = tokens.create('bob')
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    const other = openDatabase(file)
    other.exec(
      'CREATE TRIGGER x AFTER INSERT ON revocation_list BEGIN DELETE FROM revocation_list WHERE id < NEW.id; END',
    )
    expect(await tokens.revoke(token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
    clock.advance(200)
    expect(await tokens.verify(token)).toEqual(unavailable)
    other.exec('DROP TRIGGER x')
    other.close()
    expect(await tokens.revoke(token)).toMatchObject({ kind: 'revoked' })
    expect(await tokens.verify(token)).toEqual(revoked)
    await tokens.close()
  })
})
