import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPrivateFile, ensurePrivateDirectory, readPrivateFile } from '../../src/files/index.ts'

const system = vi.hoisted(() => ({
  chmod: undefined as (() => void) | undefined,
  link: undefined as (() => void) | undefined,
}))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    fchmodSync: (fd: number, mode: number) => (system.chmod ?? (() => real.fchmodSync(fd, mode)))(),
    linkSync: (from: string, to: string) => (system.link ?? (() => real.linkSync(from, to)))(),
  }
})

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'modes-'))
})
afterEach(() => {
  Object.assign(system, { chmod: undefined, link: undefined })
  fs.rmSync(directory, { recursive: true, force: true })
})

const fails = (code: string) => () => {
  throw Object.assign(new Error(code), { code })
}

describe('[case 186] file systems that keep no modes', () => {
  test.each([
    ['say EPERM', fails('EPERM')],
    ['say ENOTSUP', fails('ENOTSUP')],
    ['say EOPNOTSUPP', fails('EOPNOTSUPP')],
    ['change nothing', () => undefined],
  ])('when they %s: said, and used', (_what, chmod) => {
    system.chmod = chmod
    const file = join(directory, 'file')
    fs.writeFileSync(file, 'text')
    fs.chmodSync(file, 0o777)
    fs.chmodSync(directory, 0o777)
    const said: string[] = []
    const warn = (line: string) => void said.push(line)
    ensurePrivateDirectory(directory, warn)
    expect(readPrivateFile(file, { warn })).toBe('text')
    expect(said).toHaveLength(2)
    for (const line of said) expect(line).toContain('keeps no modes')
  })

  test('any other failure is one', () => {
    system.chmod = fails('EIO')
    fs.chmodSync(directory, 0o777)
    expect(() => ensurePrivateDirectory(directory, () => undefined)).toThrow(
      expect.objectContaining({ code: 'ERR_FILE' }),
    )
  })
})

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
