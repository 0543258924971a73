import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPrivateFile } from '../../src/files/index.ts'

const system = vi.hoisted(() => ({
  link: undefined as (() => void) | undefined,
}))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    linkSync: (from: string, to: string) => (system.link ?? (() => real.linkSync(from, to)))(),
  }
})

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'modes-'))
})
afterEach(() => {
  system.link = undefined
  fs.rmSync(directory, { recursive: true, force: true })
})

const fails = (code: string) => () => {
  throw Object.assign(new Error(code), { code })
}

describe('[case 186] a new file where there are no hard links', () => {
  test.each(['EISDIR', 'EXDEV', 'EPERM', 'EOPNOTSUPP', 'UNKNOWN'])('%s', (code) => {
    system.link = fails(code)
    const path = join(directory, 'key')
    expect(createPrivateFile(path, 'first')).toBe(true)
    expect(createPrivateFile(path, 'second')).toBe(false)
    expect(fs.readFileSync(path, 'utf8')).toBe('first')
    expect(fs.readdirSync(directory)).toEqual(['key'])
  })
})
