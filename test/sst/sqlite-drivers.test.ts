import { writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTokenService, sqliteRevocations } from '../../src/sst/index.ts'
import { inTransaction, selectOne } from '../../src/sst/sqlite/connection.ts'
import { spawnSync } from '../support/run-sync.ts'
import { openDatabase } from './support/database.ts'
import { startPeer } from './support/peer-process.ts'
import { original, testDirectory } from './support/samples.ts'

const library = join(import.meta.dirname, '..', '..', 'dist', 'sst.cjs')
const newPath = () => join(testDirectory(), 'x.db')
const withLibsql = '--no-experimental-sqlite'

describe('both drivers', () => {
  test('it is the one that Node has, where it has one', () => {
    const database = openDatabase(newPath())
    const isNodes = selectOne(database, 'SELECT sqlite_version()') === process.versions.sqlite
    expect(isNodes).toBe(isBuiltin('node:sqlite'))
    database.close()
  })

  test('errors have the names of SQLite', () => {
    const file = newPath()
    const [one, other] = [openDatabase(file), openDatabase(file)]
    const codeOf = (act: () => unknown): unknown => {
      try {
        act()
        return undefined
      } catch (error) {
        return (error as NodeJS.ErrnoException).code
      }
    }
    one.exec('CREATE TABLE a (b TEXT UNIQUE)')
    const insert = one.prepare('INSERT INTO a VALUES (?)')
    insert.run('x')
    expect(codeOf(() => insert.run('x'))).toMatch(/^SQLITE_CONSTRAINT/)
    expect(codeOf(() => one.prepare('SELECT c FROM a'))).toBe('SQLITE_ERROR')
    expect(codeOf(() => one.exec('nonsense'))).toBe('SQLITE_ERROR')
    one.exec('BEGIN IMMEDIATE')
    expect(codeOf(() => other.exec('BEGIN IMMEDIATE'))).toBe('SQLITE_BUSY')
    one.exec('COMMIT')
    one.close()
    other.close()
    const noDatabase = newPath()
    writeFileSync(noDatabase, 'x'.repeat(5000))
    const broken = openDatabase(noDatabase)
    expect(codeOf(() => broken.prepare('SELECT * FROM sqlite_master').all())).toBe('SQLITE_NOTADB')
    broken.close()
  })

  test('a row is written whatever its id', () => {
    const database = openDatabase(newPath())
    database.exec('CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT)')
    database.exec("INSERT INTO a VALUES (9007199254740999, 'x')")
    database.prepare('INSERT INTO a (b) VALUES (?)').run('y')
    expect(database.prepare('SELECT CAST(id AS TEXT) AS id, b FROM a ORDER BY a.id').all()).toEqual([
      { id: '9007199254740999', b: 'x' },
      { id: '9007199254741000', b: 'y' },
    ])
    database.close()
  })

  test('a transaction that fails is undone, also when SQLite has undone it already; its error stays', () => {
    const database = openDatabase(newPath())
    database.exec('CREATE TABLE a (b)')
    const failing = (before: () => void) => () =>
      inTransaction(database, 'IMMEDIATE', () => {
        database.exec('INSERT INTO a VALUES (1)')
        before()
        throw new Error('the first one')
      })
    expect(failing(() => undefined)).toThrow('the first one')
    expect(failing(() => database.exec('ROLLBACK'))).toThrow('the first one')
    expect(selectOne(database, 'SELECT count(*) FROM a')).toBe(0)
    expect(inTransaction(database, 'DEFERRED', () => selectOne(database, 'SELECT 7'))).toBe(7)
    database.close()
  })
})

describe.runIf(isBuiltin('node:sqlite'))('SQLite of Node', () => {
  test('its warning stays off stderr; others before and after it do not', () => {
    const script = `
      process.emitWarning('SQLite of mine is old')
      process.emitWarning('Another thing is an experimental feature', 'ExperimentalWarning')
      require(process.argv[1]).sqliteRevocations({ file: process.argv[2], create: true })({}).then((list) => {
        list.close()
        process.emitWarning('SQLite is an experimental feature of mine', 'ExperimentalWarning')
      })`
    const { stderr, status } = spawnSync(process.execPath, ['-e', script, library, newPath()], {
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    expect(stderr.match(/^\(node:\d+\) .*$/gm)?.map((line) => line.replace(/^\(node:\d+\) /, ''))).toEqual([
      'Warning: SQLite of mine is old',
      'ExperimentalWarning: Another thing is an experimental feature',
      'ExperimentalWarning: SQLite is an experimental feature of mine',
    ])
  })

  test('[case 98] and libsql in another process: what one revokes the other refuses, also when one closes', async () => {
    const file = newPath()
    const tokens = await openTokenService({
      key: original.key,
      revocations: sqliteRevocations({ file, create: true }),
    })
    const lasting = tokens.create('alice')
    const peers = [await startPeer({ key: original.key, file }, [])]
    peers.push(await startPeer({ key: original.key, file }, [withLibsql]))
    const everyoneRefuses = async (token: string) => {
      for (const peer of peers) {
        await expect
          .poll(() => peer.ask('verify', token), { timeout: 10_000 })
          .toMatchObject({ reason: 'revoked' })
        expect(await peer.ask('verify', lasting)).toMatchObject({ kind: 'valid' })
      }
    }
    for (const peer of peers) {
      const token = tokens.create('bob')
      expect(await peer.ask('revoke', token)).toMatchObject({ kind: 'revoked', wasRevoked: false })
      await everyoneRefuses(token)
    }
    const script = `
      const { openTokenService, sqliteRevocations } = require(process.argv[1])
      const { key, file, token } = JSON.parse(process.argv[2])
      openTokenService({ key, revocations: sqliteRevocations({ file }) }).then(async (tokens) => {
        await tokens.revoke(token)
        await tokens.close()
      })`
    for (const words of [[], [withLibsql]]) {
      const token = tokens.create('eve')
      const setup = JSON.stringify({ key: original.key, file, token })
      expect(spawnSync(process.execPath, [...words, '-e', script, library, setup]).status).toBe(0)
      await everyoneRefuses(token)
    }
    await tokens.close()
  })
})
