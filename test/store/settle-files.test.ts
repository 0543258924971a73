import type * as fs from 'node:fs'
import {
  cpSync,
  existsSync,
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
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { settleFiles } from '../../src/store/settle-files.ts'
import { spawnSync } from '../support/run-sync.ts'

type Fault = (from: string, to: string) => string | undefined

/** What goes wrong: each gives the code of an error, or nothing. */
const faults = vi.hoisted(() => ({}) as { rename?: Fault; copy?: Fault; remove?: Fault })

vi.mock('node:fs', async (load) => {
  const real = await load<typeof fs>()
  const failing =
    <A extends unknown[]>(name: keyof typeof faults, act: (...args: A) => void) =>
    (...args: A) => {
      const code = faults[name]?.(String(args[0]), String(args[1]))
      if (code !== undefined) throw Object.assign(new Error(code), { code, syscall: name })
      act(...args)
    }
  return {
    ...real,
    renameSync: failing('rename', real.renameSync),
    copyFileSync: failing('copy', real.copyFileSync),
    rmSync: failing('remove', real.rmSync),
  }
})

let home: string
let former: string
let directory: string
const source = () => join(former, 'plaintext-secrets')
const target = () => join(directory, 'plaintext-secrets')
const settle = () => settleFiles('plaintext', { directory, former, warn: () => {} })

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sesame-settle-'))
  former = join(home, 'config')
  directory = join(home, 'state', 'sesame')
  mkdirSync(source(), { recursive: true, mode: 0o700 })
  for (const name of ['a.json', 'b.json', '.verifier.json'])
    writeFileSync(join(source(), name), `content of ${name}`, { mode: 0o600 })
})
afterEach(() => {
  for (const name of ['rename', 'copy', 'remove'] as const) delete faults[name]
  rmSync(home, { recursive: true, force: true })
})

function expectMoved(): void {
  expect(readdirSync(directory)).toEqual(['plaintext-secrets'])
  expect(readdirSync(target()).sort()).toEqual(['.verifier.json', 'a.json', 'b.json'])
  for (const name of readdirSync(target())) {
    expect(readFileSync(join(target(), name), 'utf8')).toBe(`content of ${name}`)
    expect(statSync(join(target(), name)).mode & 0o777).toBe(0o600)
  }
  expect(statSync(target()).mode & 0o777).toBe(0o700)
}

/** Lets `renameSync` fail for the files where they lay. */
function withoutRename(code: string): void {
  faults.rename = (from) => (from === source() ? code : undefined)
}

describe('[case 131] the files of a file store of before 0.3', () => {
  test('are moved where they belong, once', () => {
    expect(settle()).toBe(directory)
    expectMoved()
    expect(existsSync(source())).toBe(false)
    expect(settle()).toBe(directory)
  })

  test('stay apart from what is there already', () => {
    mkdirSync(target(), { recursive: true, mode: 0o700 })
    expect(settle()).toBe(directory)
    expect(readdirSync(target())).toEqual([])
    expect(readdirSync(source())).toHaveLength(3)
  })

  test('a link in their place is refused', () => {
    rmSync(source(), { recursive: true })
    symlinkSync(home, source())
    expect(settle).toThrow(expect.objectContaining({ code: 'ERR_FILE' }))
  })

  test('where nothing was, nothing is made', () => {
    rmSync(source(), { recursive: true })
    expect(settle()).toBe(directory)
    expect(existsSync(directory)).toBe(false)
  })

  test('where nothing can be made, they are used where they are', () => {
    directory = '/proc/self/sesame'
    expect(settle()).toBe(former)
    expect(readdirSync(source())).toHaveLength(3)
  })

  test.each(['EXDEV', 'EROFS', 'EACCES'])('are copied where they cannot be renamed (%s)', (code) => {
    withoutRename(code)
    expect(settle()).toBe(directory)
    expectMoved()
    expect(existsSync(source())).toBe(false)
  })

  test('that cannot be removed are copied, and stay', () => {
    withoutRename('EROFS')
    faults.remove = (path) => (path === source() ? 'EROFS' : undefined)
    expect(settle()).toBe(directory)
    expectMoved()
    expect(readdirSync(source())).toHaveLength(3)
    expect(settle()).toBe(directory)
  })

  test('a copy that fails half-way leaves everything where it was', () => {
    withoutRename('EXDEV')
    let copies = 0
    faults.copy = () => (++copies === 2 ? 'ENOSPC' : undefined)
    expect(settle()).toBe(former)
    expect(readdirSync(directory)).toEqual([])
    expect(readdirSync(source())).toHaveLength(3)
  })

  test('what a process copied before it was killed is not left behind; what one copies just now is not touched', () => {
    withoutRename('EXDEV')
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    const copyOf = (pid: number) => `${target()}.${pid}-0123456789abcdef.tmp`
    for (const pid of [gone, process.ppid]) {
      mkdirSync(copyOf(pid), { recursive: true, mode: 0o700 })
      writeFileSync(join(copyOf(pid), 'a.json'), 'a secret')
    }
    expect(settle()).toBe(directory)
    expect(readdirSync(directory).sort()).toEqual(
      [target(), copyOf(process.ppid)].map((path) => basename(path)),
    )
  })

  test('another process that is quicker wins', () => {
    // It has moved them between the look and the step.
    faults.rename = (from, to) => {
      if (from !== source() || existsSync(to)) return undefined
      cpSync(from, to, { recursive: true })
      return 'ENOENT'
    }
    expect(settle()).toBe(directory)
    expectMoved()
  })

  test('of two copies at the same time one wins, whole', () => {
    withoutRename('EXDEV')
    faults.copy = () => {
      faults.copy = () => undefined
      expect(settle()).toBe(directory)
      return undefined
    }
    expect(settle()).toBe(directory)
    expectMoved()
  })
})
