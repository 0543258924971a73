import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadEmbedded } from '../../src/store/keyring-binding.ts'
import { unpackBinding } from '../../src/store/unpack-binding.ts'

const content = 'a native library'
const sha256 = createHash('sha256').update(content).digest('hex')
const fileName = `keyring-${sha256.slice(0, 32)}.node`
const isRoot = process.getuid?.() === 0
/** `nobody` of every Linux. */
const otherUid = 65_534

let work: string
let embedded: { path: string; sha256: string }
let directory: string
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'sesame-unpack-'))
  embedded = { path: join(work, 'embedded'), sha256 }
  writeFileSync(embedded.path, content)
  directory = join(work, 'home', 'Library', 'Caches', 'sesame')
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

const unpack = () => unpackBinding(embedded, { directory })
const modeOf = (path: string) => statSync(path).mode & 0o777

test('the library is unpacked once, into a directory and a file that are closed to all others', () => {
  const path = unpack()
  expect(path).toBe(join(directory, fileName))
  expect(readFileSync(path, 'utf8')).toBe(content)
  expect([modeOf(directory), modeOf(path)]).toEqual([0o700, 0o600])
  const { ino } = statSync(path)
  expect(unpack()).toBe(path)
  expect(statSync(path).ino).toBe(ino)
  expect(readdirSync(directory)).toEqual([fileName])
})

describe.each<[string, (path: string) => void]>([
  ['of other content', (path) => writeFileSync(path, 'b native library', { mode: 0o600 })],
  ['that was cut short', (path) => writeFileSync(path, content.slice(1), { mode: 0o600 })],
  ['that others can read', (path) => chmodSync(path, 0o644)],
  ['that others can write', (path) => chmodSync(path, 0o622)],
  [
    'that is a link',
    (path) => {
      rmSync(path)
      symlinkSync(join(work, 'embedded'), path)
    },
  ],
  ['with a second name', (path) => linkSync(path, join(work, 'second-name'))],
])('a file %s', (_, spoil) => {
  test('is replaced', () => {
    const path = unpack()
    const before = readFileSync(path, 'utf8')
    expect(before).toBe(content)
    spoil(path)
    const { ino } = statSync(path)
    expect(unpack()).toBe(path)
    expect(readFileSync(path, 'utf8')).toBe(content)
    expect(modeOf(path)).toBe(0o600)
    expect(statSync(path).nlink).toBe(1)
    expect(statSync(path).ino).not.toBe(ino)
  })
})

test.runIf(isRoot)('a file of another user is replaced', () => {
  const path = unpack()
  chownSync(path, otherUid, otherUid)
  expect(unpack()).toBe(path)
  expect(statSync(path).uid).toBe(0)
})

test.each([0o777, 0o720, 0o702, 0o1777])(
  'a directory that others can write to is refused, and stays as it is (mode %o)',
  (mode) => {
    mkdirSync(directory, { recursive: true })
    chmodSync(directory, mode)
    expect(unpack).toThrow(/Refusing to use .*sesame: other users can write to (?:it|the directory)/)
    expect(readdirSync(directory)).toEqual([])
    expect(statSync(directory).mode & 0o7777).toBe(mode)
  },
)

test('a directory that others can only look into is closed', () => {
  mkdirSync(directory, { recursive: true, mode: 0o755 })
  chmodSync(directory, 0o755)
  unpack()
  expect(modeOf(directory)).toBe(0o700)
})

test('a directory below one that others can write to is refused', () => {
  unpack()
  chmodSync(dirname(directory), 0o777)
  expect(unpack).toThrow(/other users can write to the directory .*Caches/)
})

test.runIf(isRoot)('a directory of another user is refused', () => {
  mkdirSync(directory, { recursive: true })
  chownSync(directory, otherUid, otherUid)
  expect(unpack).toThrow(/belongs to another user/)
  expect(readdirSync(directory)).toEqual([])
})

test('nothing is unpacked where something else than a directory lies', () => {
  mkdirSync(dirname(directory), { recursive: true })
  writeFileSync(directory, '')
  expect(unpack).toThrow(/Refusing to use|Cannot/)
  expect(statSync(directory).size).toBe(0)
})

test('a damaged executable is not loaded', () => {
  writeFileSync(embedded.path, 'something else')
  expect(unpack).toThrow('The executable of sesame is damaged.')
  expect(existsSync(join(directory, fileName))).toBe(false)
})

test('where lists say who can write, they are asked of the directory, the one above it, and the file', () => {
  const asked: string[] = []
  const none = (path: string) => {
    asked.push(path)
    return []
  }
  const path = unpackBinding(embedded, { directory, strangersAt: none })
  expect(new Set(asked)).toEqual(new Set([dirname(directory), directory, path]))
  for (const open of [directory, dirname(directory)]) {
    const strangersAt = (each: string) => (each === open ? ['BU', 'WD'] : [])
    expect(() => unpackBinding(embedded, { directory, strangersAt })).toThrow(
      /other users can write to it: BU, WD/,
    )
  }
  let replaced = 0
  const strangersAt = (each: string) => (each === path && statSync(path).ino === ino ? ['BU'] : [])
  const { ino } = statSync(path)
  unpackBinding(embedded, { directory, strangersAt })
  replaced += statSync(path).ino === ino ? 0 : 1
  expect(replaced).toBe(1)
})

/** The binding of this machine, as npm has installed it, in the place of one in an executable. */
const installed = join(
  import.meta.dirname,
  '..',
  '..',
  'node_modules',
  '@napi-rs',
  `keyring-linux-${process.arch}-gnu`,
  `keyring.linux-${process.arch}-gnu.node`,
)

describe('loading', () => {
  test.runIf(existsSync(installed))('what was unpacked is the binding', () => {
    const hash = createHash('sha256').update(readFileSync(installed)).digest('hex')
    const loaded = loadEmbedded({ path: installed, sha256: hash }, 'darwin', directory)
    expect(loaded).toHaveProperty('binding.AsyncEntry')
    expect(readdirSync(directory)).toEqual([`keyring-${hash.slice(0, 32)}.node`])
  })

  test('what is no library is a reason, as a package that does not load', () => {
    expect(loadEmbedded(embedded, 'darwin', directory)).toEqual({
      reason: expect.stringContaining(fileName),
    })
  })

  test('a directory that cannot be used is a reason with its remedy', () => {
    mkdirSync(directory, { recursive: true })
    chmodSync(directory, 0o777)
    const { reason } = loadEmbedded(embedded, 'darwin', directory) as { reason: string }
    expect(reason).toMatch(/^Refusing to use .*other users can write to .*\(.*chmod .*sesame.*\)$/)
  })

  test('a user without a home has no place for it', () => {
    expect(loadEmbedded(embedded, 'darwin', undefined)).toEqual({
      reason: 'there is no home directory to unpack the keychain binding into',
    })
  })
})
