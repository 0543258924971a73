import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createPrivateFile,
  ensurePrivateDirectory,
  readPrivateFile,
  writePrivateFile,
} from '../../src/files/index.ts'
import { systemClock } from '../../src/kit/index.ts'
import { openStore } from '../../src/store/index.ts'

/*
 * A file system that keeps no modes, as WSL's drvfs or CIFS show it: everything is open to all, and a change of the mode does
 * nothing, or is refused.
 */
const disk = vi.hoisted(() => ({ refuses: false, keepsModes: false }))

vi.mock('node:fs', async (load) => {
  const real = await load<typeof import('node:fs')>()
  const wide = (mode: unknown) => (disk.keepsModes ? mode : 0o777)
  return {
    ...real,
    openSync: (path: string, flags: number, mode?: number) =>
      real.openSync(path, flags, wide(mode) as number),
    mkdirSync: (path: string) => real.mkdirSync(path, { mode: wide(0o700) as number }),
    fchmodSync: (fd: number, mode: number) => {
      if (disk.refuses) throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'fchmod' })
      if (disk.keepsModes) real.fchmodSync(fd, mode)
    },
  }
})

let root: string
let warnings: string[]
let umask: number
const warn = (line: string) => void warnings.push(line)
beforeEach(() => {
  umask = process.umask(0)
  root = fs.mkdtempSync(join(tmpdir(), 'modeless-'))
  warnings = []
  Object.assign(disk, { refuses: false, keepsModes: false })
})
afterEach(() => {
  process.umask(umask)
  fs.rmSync(root, { recursive: true, force: true })
})

test.each([false, true])(
  '[case 136] said once, and nothing that is untrue, however much is read and made (refused: %s)',
  (refuses) => {
    disk.refuses = refuses
    // Each listener is told once.
    const listener = (line: string) => warn(line)
    const directory = join(root, 'a', 'b')
    ensurePrivateDirectory(directory, listener)
    for (const name of ['1', '2', '3']) {
      writePrivateFile(join(directory, name), 'x')
      expect(readPrivateFile(join(directory, name), { warn: listener })).toBe('x')
      ensurePrivateDirectory(directory, listener)
    }
    expect(fs.statSync(join(directory, '1')).mode & 0o777).toBe(0o777)
    expect(warnings).toEqual([expect.stringMatching(/ keeps no permissions, .* Set SESAME_CONFIG_DIR/)])
  },
)

test('where a change works it is said, once for each file, with the mode that is there', () => {
  const path = join(root, 'item')
  writePrivateFile(path, 'x')
  disk.keepsModes = true
  readPrivateFile(path, { warn })
  expect(fs.statSync(path).mode & 0o777).toBe(0o600)
  expect(warnings).toEqual([`${path} was open to other users; its mode is 0600 now.`])
})

function open(choice: 'plaintext' | 'encrypted-file', forWriting: boolean) {
  return openStore({
    choice,
    directory: join(root, 'sesame'),
    platform: 'linux',
    dbus: { address: undefined, runtimeDirectory: undefined },
    uid: process.getuid?.(),
    passphrase: () => Promise.reject(new Error('not asked')),
    passphraseAvailable: false,
    interactive: () => true,
    clock: systemClock,
    log: () => {},
    warn,
    forWriting,
  })
}

test('[case 136] the plaintext store is refused there before anything is written, and writes nothing later', async () => {
  const refusal = { code: 'ERR_FILE', message: expect.stringContaining('keeps no permissions') }
  await expect(open('plaintext', true)).rejects.toMatchObject(refusal)
  expect(fs.readdirSync(root)).toEqual([])
  const { store } = await open('plaintext', false)
  await expect(store.write('key', '{"secret":1}')).rejects.toMatchObject(refusal)
  const left = fs.readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  expect(left).toEqual([])
})

test('[case 136] a new key file is not made there', () => {
  expect(() => createPrivateFile(join(root, 'key.yaml'), 'key: x')).toThrow(
    /key\.yaml: its file system keeps no/,
  )
  expect(fs.readdirSync(root)).toEqual([])
})
