import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../src/kit/log.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { manageEncryptedFile } from '../../../src/store/encrypted-file/manage-encrypted.ts'
import { findRuntimeDirectory } from '../../../src/store/encrypted-file/runtime-directory.ts'
import {
  forgetUnlockedKey,
  keepUnlockedKey,
  readUnlockedKey,
  type UnlockedKeyOptions,
} from '../../../src/store/encrypted-file/unlocked-key.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'
import { hasMemory, makeRuntimeDirectory } from '../../support/runtime-directory.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65534
const hour = 3_600_000
const salt = Buffer.alloc(16, 1).toString('base64')
const key = Buffer.alloc(32, 2)

let runtime: ReturnType<typeof makeRuntimeDirectory>
let directory: string
let clock: FakeClock
let warnings: string[]
beforeEach(() => {
  runtime = makeRuntimeDirectory()
  directory = fs.mkdtempSync(join(tmpdir(), 'unlocked-'))
  clock = fakeClock()
  warnings = []
})
afterEach(() => {
  runtime.remove()
  fs.rmSync(directory, { recursive: true, force: true })
})

const options = (change: Partial<UnlockedKeyOptions> = {}): UnlockedKeyOptions => ({
  platform: 'linux',
  uid: process.getuid?.(),
  runtimeDirectory: runtime.path,
  directory,
  clock,
  warn: (line) => void warnings.push(line),
  ...change,
})
const keep = (hours = 12, change: Partial<UnlockedKeyOptions> = {}) => {
  const until = new Date(clock.now().getTime() + hours * hour)
  keepUnlockedKey({ salt, key, until }, options(change))
  return until
}
const files = () => fs.readdirSync(join(runtime.path, 'sesame'))
const file = () => join(runtime.path, 'sesame', files()[0] ?? '')
/** What an inode holds whose name may be gone. */
const contentOf = (fd: number) => fs.readFileSync(`/proc/self/fd/${fd}`, 'latin1')
const zeros = /^\0+$/

describe.runIf(hasMemory)('the kept key', () => {
  test('is found by the next process, until it is forgotten', () => {
    const until = keep()
    expect(readUnlockedKey(options())).toEqual({ salt, key, until })
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600)
    expect(fs.statSync(join(runtime.path, 'sesame')).mode & 0o777).toBe(0o700)
    expect(forgetUnlockedKey(options())).toBe(true)
    expect(readUnlockedKey(options())).toBeUndefined()
    expect(forgetUnlockedKey(options())).toBe(false)
    expect(warnings).toEqual([])
  })

  test('forgetting overwrites it, and what a crashed writer left of it', () => {
    keep()
    const leftover = `${file()}.99999-0123456789abcdef.tmp`
    fs.copyFileSync(file(), leftover)
    const open = [file(), leftover].map((path) => fs.openSync(path, 'r'))
    forgetUnlockedKey(options())
    for (const fd of open) {
      expect(contentOf(fd)).toMatch(zeros)
      fs.closeSync(fd)
    }
    expect(files()).toEqual([])
  })

  test('keeping it again overwrites the former one', () => {
    keep(1)
    const before = fs.openSync(file(), 'r')
    const until = keep(2)
    expect(contentOf(before)).toMatch(zeros)
    fs.closeSync(before)
    expect(readUnlockedKey(options())?.until).toEqual(until)
    expect(files()).toHaveLength(1)
  })

  test('several configuration directories have each a key of their own', () => {
    keep()
    const other = fs.mkdtempSync(join(tmpdir(), 'unlocked-'))
    expect(readUnlockedKey(options({ directory: other }))).toBeUndefined()
    keep(1, { directory: other })
    expect(files()).toHaveLength(2)
    expect(forgetUnlockedKey(options({ directory: other }))).toBe(true)
    expect(readUnlockedKey(options())?.key).toEqual(key)
    // By another spelling of its path it is the same directory.
    const link = join(other, 'link')
    fs.symlinkSync(directory, link)
    expect(readUnlockedKey(options({ directory: link }))?.key).toEqual(key)
    fs.rmSync(other, { recursive: true })
  })

  test.each<[string, () => void, string]>([
    ['its deadline is over', () => clock.advance(12 * hour), 'time is over'],
    [
      'its time is over, though the clock was set back',
      () => {
        clock.advance(12 * hour)
        clock.setWallClock(new Date(clock.now().getTime() - 24 * hour))
      },
      'time is over',
    ],
    [
      'the clock was set beyond it',
      () => clock.setWallClock(new Date('2027-01-01T00:00:00Z')),
      'time is over',
    ],
    [
      'the machine was restarted',
      () => rewrite((text) => text.replace(/"bootId":"[^"]*"/, '"bootId":"another"')),
      'restarted',
    ],
    ['it was open to others', () => fs.chmodSync(file(), 0o640), 'open to other users'],
    [
      'it has another name',
      () => fs.linkSync(file(), join(runtime.path, 'second')),
      'more than one hard link',
    ],
    ['it is malformed', () => rewrite(() => '{"v":1,"key":'), 'is malformed'],
    [
      'it is too short a key',
      () => rewrite((text) => text.replace(/"key":"..../, '"key":"')),
      'is malformed',
    ],
    ['it is huge', () => rewrite((text) => text + ' '.repeat(5000)), 'not a file of ours'],
  ])('is overwritten and not used when %s', (_, change, reason) => {
    keep()
    const open = fs.openSync(file(), 'r')
    change()
    expect(readUnlockedKey(options())).toBeUndefined()
    expect(contentOf(open)).toMatch(zeros)
    fs.closeSync(open)
    expect(files()).toEqual([])
    expect(warnings).toEqual([expect.stringContaining(reason)])
    expect(warnings.join()).not.toContain(key.toString('base64'))
  })

  function rewrite(change: (text: string) => string): void {
    fs.writeFileSync(file(), change(fs.readFileSync(file(), 'utf8')))
  }

  test.runIf(isRoot)("another user's file is not used", () => {
    keep()
    fs.chownSync(file(), nobody, nobody)
    expect(readUnlockedKey(options())).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('another user')])
  })

  test('a link in its place is not followed, but removed', () => {
    keep()
    const [path, target] = [file(), join(runtime.path, 'target')]
    fs.renameSync(path, target)
    const before = fs.readFileSync(target)
    fs.symlinkSync(target, path)
    expect(readUnlockedKey(options())).toBeUndefined()
    expect(fs.readFileSync(target)).toEqual(before)
    expect(files()).toEqual([])
  })

  test('it is forgotten also where the directory was opened to others since', () => {
    keep()
    fs.chmodSync(runtime.path, 0o755)
    expect(readUnlockedKey(options())).toBeUndefined()
    expect(files()).toHaveLength(1)
    expect(forgetUnlockedKey(options())).toBe(true)
    expect(files()).toEqual([])
  })
})

describe.runIf(hasMemory)('a process that runs for days', () => {
  const passphrase = new Secret('open sesame')
  const open = (given?: Secret) =>
    openStore({
      ...options(),
      choice: 'encrypted-file',
      dbus: { address: undefined, runtimeDirectory: runtime.path },
      passphrase: given && (async () => given),
      passphraseAvailable: given !== undefined,
      interactive: () => false,
      log: silentLog,
      forWriting: false,
    })
  const unlock = () =>
    manageEncryptedFile({ ...options(), log: silentLog, passphrase: async () => passphrase }).unlock(3600)

  test('feels the deadline and sesame lock, and uses what is unlocked anew', async () => {
    await (await open(passphrase)).store.write('k', '1')
    await expect(open()).rejects.toMatchObject({ code: 'ERR_STORE_PASSPHRASE' })
    await unlock()
    const { store } = await open()
    const refused = { code: 'ERR_STORE_PASSPHRASE' }
    await store.write('k', '2')
    expect(await store.read('k')).toBe('2')
    clock.advance(hour)
    await expect(store.read('k')).rejects.toMatchObject(refused)
    await expect(store.write('k', '3')).rejects.toMatchObject(refused)
    await unlock()
    clock.advance(1000)
    await store.write('k', '3')
    expect(await store.read('k')).toBe('3')
    forgetUnlockedKey(options())
    clock.advance(1000)
    await expect(store.read('k')).rejects.toMatchObject(refused)
    await expect(store.write('k', '4')).rejects.toMatchObject(refused)
    expect(await (await open(passphrase)).store.read('k')).toBe('3')
  })
})

describe.runIf(hasMemory)('[case 108] the directory in memory', () => {
  const find = (change: Partial<UnlockedKeyOptions> = {}) => findRuntimeDirectory(options(change))
  const because = (reason: string) => ({ kind: 'unusable', reason: expect.stringContaining(reason) })

  test('is used when it is ours alone', () => {
    expect(find()).toEqual({ kind: 'usable', path: join(runtime.path, 'sesame') })
  })

  test.each<[string, () => Partial<UnlockedKeyOptions>, string]>([
    ['not set', () => ({ runtimeDirectory: undefined }), 'is not set'],
    ['empty', () => ({ runtimeDirectory: '' }), 'is not set'],
    ['relative', () => ({ runtimeDirectory: 'run' }), 'absolute'],
    ['not there', () => ({ runtimeDirectory: '/nonexistent/run' }), 'ENOENT'],
    ['on a disk', () => ({ runtimeDirectory: onDisk() }), 'not in memory'],
    ['of another platform', () => ({ platform: 'darwin' }), 'this platform'],
    ['of Windows', () => ({ platform: 'win32', uid: undefined }), 'this platform'],
    ['open to others', () => chmod(runtime.path, 0o755), '755'],
    ['open to the group', () => chmod(runtime.path, 0o710), '710'],
    ['a link', () => ({ runtimeDirectory: link(runtime.path) }), 'not a directory'],
    ['ours, but with an open sesame/ in it', () => chmod(own(), 0o777), '777'],
    ['ours, but with a link named sesame in it', () => linkedOwn(), 'not a directory'],
  ])('%s is refused', (_, arrange, reason) => {
    expect(find(arrange())).toEqual(because(reason))
    expect(() => keep(1, arrange())).toThrow(/cannot be kept in memory/)
  })

  test.runIf(isRoot)('of another user is refused: sudo -E leaves it in the environment', () => {
    fs.chownSync(runtime.path, nobody, nobody)
    expect(find()).toEqual(because(`another user (uid ${nobody})`))
    fs.chownSync(runtime.path, 0, 0)
    fs.chownSync(own(), nobody, nobody)
    expect(find()).toEqual(because(`another user (uid ${nobody})`))
  })

  function chmod(path: string, mode: number): Partial<UnlockedKeyOptions> {
    fs.chmodSync(path, mode)
    return {}
  }
  function own(): string {
    const path = join(runtime.path, 'sesame')
    fs.mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }
  function linkedOwn(): Partial<UnlockedKeyOptions> {
    fs.rmSync(join(runtime.path, 'sesame'), { force: true })
    fs.symlinkSync(directory, join(runtime.path, 'sesame'))
    return {}
  }
  function link(target: string): string {
    const path = join(directory, 'runtime')
    fs.rmSync(path, { force: true })
    fs.symlinkSync(target, path)
    return path
  }
  /** The repository is hardly ever in memory; the system's temporary directory may be. */
  function onDisk(): string {
    const path = fs.mkdtempSync(join(import.meta.dirname, '..', '..', '..', 'node_modules', '.runtime-'))
    onTestFinished(() => fs.rmSync(path, { recursive: true, force: true }))
    return path
  }
})
