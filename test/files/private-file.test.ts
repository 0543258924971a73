import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ensurePrivateDirectory } from '../../src/files/private-directory.ts'
import {
  readPrivateFile,
  removePrivateFile,
  setAside,
  writePrivateFile,
} from '../../src/files/private-file.ts'
import { errorCode, isSesameError } from '../../src/kit/errors.ts'
import { bundleWorker } from '../store/bundle.ts'
import { spawnSync } from '../support/run-sync.ts'

let root: string
let path: string
let warnings: string[]
const warn = (line: string) => warnings.push(line)
const read = (file = path) => readPrivateFile(file, { warn })
const mode = (file: string) => (fs.statSync(file).mode & 0o777).toString(8)

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'private-'))
  path = join(root, 'item.json')
  warnings = []
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const hasStrace = spawnSync('strace', ['-f', process.execPath, '-e', '0']).status === 0
const isRoot = process.getuid?.() === 0

/** The ERR_FILE that an action fails with. */
function failure(act: () => unknown): { message: string; cause: unknown } {
  try {
    act()
  } catch (error) {
    if (isSesameError(error, 'ERR_FILE')) return { message: error.message, cause: error.cause }
    throw error
  }
  throw new Error('did not fail')
}

describe('reading and writing', () => {
  test('what was written is read, in every Unicode text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        writePrivateFile(path, text)
        expect(read()).toBe(text)
      }),
      { numRuns: 30 },
    )
    expect(fs.readdirSync(root)).toEqual(['item.json'])
  })

  test('nothing there reads as undefined, also below a missing directory', () => {
    expect(read()).toBeUndefined()
    expect(read(join(root, 'no', 'such', 'file'))).toBeUndefined()
    expect(removePrivateFile(join(root, 'no', 'such', 'file'))).toBe(false)
  })

  test('a file is removed once', () => {
    writePrivateFile(path, 'x')
    expect(removePrivateFile(path)).toBe(true)
    expect(removePrivateFile(path)).toBe(false)
  })

  test('[case 41] removing takes what was set aside and what crashed writers left, not the neighbours', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    const leftovers = [`item.json.${dead}-0123456789abcdef.tmp`, 'item.json.corrupt-20261121T080000.000Z']
    const others = [`item.json.${process.pid}-0123456789abcdef.tmp`, 'item.json2', 'other.json']
    for (const name of ['item.json', ...leftovers, ...others]) fs.writeFileSync(join(root, name), 'secret')
    expect(removePrivateFile(path)).toBe(true)
    expect(fs.readdirSync(root).sort()).toEqual(others.sort())
  })

  test('[case 38] a file set aside keeps its content and its mode', () => {
    writePrivateFile(path, 'rubbish')
    const name = setAside(path, new Date('2026-11-21T08:00:00Z'))
    expect(name).toBe(`${path}.corrupt-20261121T080000.000Z`)
    expect(fs.readFileSync(name, 'utf8')).toBe('rubbish')
    expect(mode(name)).toBe('600')
    expect(read()).toBeUndefined()
  })
})

describe('modes and owners', () => {
  test('[case 35] a file open to others is closed to them, with a warning', () => {
    fs.writeFileSync(path, 'x', { mode: 0o644 })
    expect(read()).toBe('x')
    expect(mode(path)).toBe('600')
    expect(warnings).toEqual([expect.stringContaining('0600')])
    expect(read()).toBe('x')
    expect(warnings).toHaveLength(1)
  })

  test('[case 35] a directory that others can write to is closed to them, with a warning', () => {
    const directory = join(root, 'd')
    fs.mkdirSync(directory)
    fs.chmodSync(directory, 0o770)
    ensurePrivateDirectory(directory, warn)
    expect(mode(directory)).toBe('700')
    expect(warnings).toEqual([expect.stringContaining('0700')])
  })

  test.runIf(isRoot)("[case 35] another owner's file and directory are refused", () => {
    fs.writeFileSync(path, 'x', { mode: 0o600 })
    fs.chownSync(path, 12345, 12345)
    expect(failure(() => read()).message).toContain('another user (uid 12345')
    const directory = join(root, 'd')
    fs.mkdirSync(directory, 0o700)
    fs.chownSync(directory, 12345, 12345)
    expect(failure(() => ensurePrivateDirectory(directory, warn)).message).toContain('another user')
  })
})

describe('[case 36] things in the way', () => {
  const victim = () => join(root, 'victim')

  test.each(['dangling', 'to a file', 'to /dev/null', 'loop'])('a symbolic link %s is not read', (kind) => {
    fs.writeFileSync(victim(), 'not ours to read', { mode: 0o600 })
    const target = {
      dangling: join(root, 'none'),
      'to a file': victim(),
      'to /dev/null': '/dev/null',
      loop: path,
    }
    fs.symlinkSync(target[kind as 'loop'], path)
    expect(failure(() => read()).message).toContain('symbolic link')
  })

  test('a symbolic link is replaced by a write, not written through', () => {
    fs.writeFileSync(victim(), 'untouched')
    fs.symlinkSync(victim(), path)
    writePrivateFile(path, 'new')
    expect(fs.readFileSync(victim(), 'utf8')).toBe('untouched')
    expect(fs.lstatSync(path).isFile()).toBe(true)
    expect(read()).toBe('new')
  })

  test('a directory behind a symbolic link is refused', () => {
    fs.mkdirSync(victim())
    fs.symlinkSync(victim(), join(root, 'link'))
    expect(failure(() => ensurePrivateDirectory(join(root, 'link'), warn)).message).toContain('symbolic link')
  })

  test('a FIFO is refused without waiting for a writer', () => {
    spawnSync('mkfifo', [path])
    expect(failure(() => read()).message).toContain('not a regular file')
  })

  test('a directory and a device are refused', () => {
    fs.mkdirSync(path)
    expect(failure(() => read()).message).toContain('not a regular file')
    expect(failure(() => writePrivateFile(path, 'x')).message).toContain('it is a directory')
    expect(failure(() => read('/dev/null')).message).toContain('not a regular file')
  })

  test('a hard link is not read, and a write leaves the other name as it was', () => {
    fs.writeFileSync(victim(), 'shared', { mode: 0o600 })
    fs.linkSync(victim(), path)
    expect(failure(() => read()).message).toContain('hard link')
    writePrivateFile(path, 'own')
    expect(fs.readFileSync(victim(), 'utf8')).toBe('shared')
    expect(read()).toBe('own')
  })

  test('a file where a directory should be', () => {
    fs.writeFileSync(join(root, 'd'), '')
    expect(failure(() => ensurePrivateDirectory(join(root, 'd'), warn)).message).toContain('Cannot create')
  })

  test('[case 38] a huge file is refused before it is read', () => {
    fs.writeFileSync(path, '', { mode: 0o600 })
    fs.truncateSync(path, 2 ** 30)
    const { message, cause } = failure(() => read())
    expect(message).toContain('larger than 1048576 bytes')
    expect(errorCode(cause)).toBe('EFBIG')
  })

  test('[case 37] 10 000 accesses while file and link are swapped: never read or written through', async () => {
    fs.writeFileSync(victim(), 'untouched', { mode: 0o600 })
    const swapper = `
      const fs = require('node:fs'), [path, victim] = process.argv.slice(1)
      for (let i = 0; ; i++) {
        fs.symlinkSync(victim, path + '.link')
        fs.renameSync(path + '.link', path)
        fs.writeFileSync(path + '.file', 'swapped', { mode: 0o600 })
        fs.renameSync(path + '.file', path)
        if (i === 0) fs.writeSync(1, 'swapping')
      }`
    const child = spawn(process.execPath, ['-e', swapper, path, victim()])
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    const seen = new Set<string | undefined>()
    for (let i = 0; i < 9000; i++) seen.add(attempt(() => read()))
    for (let i = 0; i < 1000; i++) writePrivateFile(path, 'written')
    child.kill('SIGKILL')
    await ended
    expect(fs.readFileSync(victim(), 'utf8')).toBe('untouched')
    // Both faces were met, or the loop has shown nothing.
    expect([...seen].sort()).toEqual(['refused', 'swapped'])
  })
})

/** The outcome, with `refused` for an ERR_FILE. */
function attempt(act: () => string | undefined): string | undefined {
  try {
    return act()
  } catch (error) {
    if (isSesameError(error, 'ERR_FILE')) return 'refused'
    throw error
  }
}

describe('[case 39] disks that refuse', () => {
  test.runIf(isRoot)('a full disk keeps the old content whole and leaves no temporary file', () => {
    const disk = join(root, 'disk')
    fs.mkdirSync(disk)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k,mode=700', 'tmpfs', disk]).status !== 0) return
    try {
      const file = join(disk, 'item.json')
      writePrivateFile(file, 'old')
      const { message, cause } = failure(() => writePrivateFile(file, 'x'.repeat(20_000)))
      expect(message).toContain('no space left on the disk')
      expect(errorCode(cause)).toBe('ENOSPC')
      expect(read(file)).toBe('old')
      expect(fs.readdirSync(disk)).toEqual(['item.json'])
      spawnSync('mount', ['-o', 'remount,ro', disk])
      expect(failure(() => writePrivateFile(file, 'new')).message).toContain('read-only')
      expect(failure(() => removePrivateFile(file)).message).toContain('read-only')
      expect(read(file)).toBe('old')
    } finally {
      spawnSync('umount', [disk])
    }
  })
})

describe.runIf(hasStrace)('seen from the kernel', () => {
  let worker: Awaited<ReturnType<typeof bundleWorker>>
  let complaint = ''
  beforeAll(async () => {
    worker = await bundleWorker('file-worker')
  })
  afterAll(() => worker.remove())

  /** Runs the worker under strace and returns the calls that touch our directory, in order. */
  function trace(umask: string, file: string, content: string, ...more: string[]): string[] {
    const log = join(root, 'strace.log')
    const calls = 'trace=mkdir,openat,write,fsync,rename,chmod,fchmod,fchmodat,unlink'
    const args = [
      '-f',
      '-y',
      '-o',
      log,
      '-e',
      calls,
      ...more,
      process.execPath,
      worker.file,
      umask,
      file,
      content,
    ]
    complaint = spawnSync('strace', args, { env: { PATH: process.env.PATH }, encoding: 'utf8' }).stderr
    return fs
      .readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes(`${root}/home`))
  }

  test.each(['000', '077'])('[case 34] umask %s: 0700 and 0600 from the first instant', (umask) => {
    const file = join(root, 'home', 'deep', 'item.json')
    const calls = trace(umask, file, 'secret').join('\n')
    expect(calls).toMatch(/mkdir\("[^"]*home", 0700\)|mkdir\("[^"]*home\/deep", 0700\)/)
    expect(calls).toMatch(/openat\([^\n]*\.tmp", O_WRONLY\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 0600\)/)
    expect(calls).not.toMatch(/chmod/)
    expect(mode(join(root, 'home'))).toBe('700')
    expect(mode(join(root, 'home', 'deep'))).toBe('700')
    expect(mode(file)).toBe('600')
  })

  test('[case 45] the file is on the disk before it gets its name, and the name before the call returns', () => {
    const order = trace('022', join(root, 'home', 'item.json'), 'secret')
      .map((line) => /^\d+ +(\w+)\((?:\d+<([^>]*)>)?/.exec(line))
      .filter((match) => match && ['write', 'fsync', 'rename'].includes(match[1] ?? ''))
      .map(
        (match) =>
          `${match?.[1]} ${match?.[2]?.endsWith('.tmp') ? 'file' : (match?.[2]?.slice(root.length) ?? '')}`,
      )
    expect(order).toEqual(['write file', 'fsync file', 'rename ', 'fsync /home'])
  })

  test.each([
    ['the first fsync', 'fsync:signal=KILL:when=1', 'old'],
    ['the rename', 'rename:signal=KILL:when=1', 'old'],
    ['the second fsync', 'fsync:signal=KILL:when=2', 'new'],
  ])('[case 45] kill -9 at %s leaves a whole file, and the next write clears up', (_, inject, expected) => {
    const file = join(root, 'home', 'item.json')
    ensurePrivateDirectory(join(root, 'home'), warn)
    writePrivateFile(file, 'old'.repeat(1000))
    trace('022', file, 'new'.repeat(1000), '-e', `inject=${inject}`)
    // A signal at the entry of rename lets the call finish: old or new, never a mix.
    expect([expected.repeat(1000), 'new'.repeat(1000)]).toContain(read(file))
    writePrivateFile(file, 'next')
    expect(fs.readdirSync(join(root, 'home'))).toEqual(['item.json'])
  })

  test.each([
    ['fsync', 'EIO', 'the disk reported an error'],
    ['rename', 'EACCES', 'permission denied'],
  ])(
    '[case 39] %s failing with %s keeps the old content and removes the temporary file',
    (call, code, words) => {
      const file = join(root, 'home', 'item.json')
      ensurePrivateDirectory(join(root, 'home'), warn)
      writePrivateFile(file, 'old')
      trace('022', file, 'new', '-e', `inject=${call}:error=${code}:when=1`)
      expect(complaint).toContain(words)
      expect(read(file)).toBe('old')
      expect(fs.readdirSync(join(root, 'home'))).toEqual(['item.json'])
    },
  )
})
