import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Entry, gzip, tar, zip } from '../../packaging/standalone/archive.ts'
import { execFileSync } from '../support/run-sync.ts'

let work: string
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'sesame-archive-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

const entries: Entry[] = [
  { path: 'sesame', content: Buffer.from('#!/bin/sh\necho works\n'), executable: true },
  { path: 'THIRD-PARTY-NOTICES', content: Buffer.alloc(1000, 'text ') },
  { path: 'completions/_sesame', content: Buffer.from('') },
]

/** What programs that others wrote make of an archive. */
const unpackers: Record<string, (archive: string) => void> = {
  'tar.gz': (archive) => execFileSync('tar', ['-xzf', archive, '-C', work]),
  zip: (archive) =>
    execFileSync('python3', [
      '-c',
      `
import os, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
for info in archive.infolist():
    os.chmod(archive.extract(info, sys.argv[2]), info.external_attr >> 16)`,
      archive,
      work,
    ]),
}
const makers: Record<string, (entries: Entry[]) => Buffer> = {
  'tar.gz': (given) => gzip(tar(given)),
  zip: (given) => zip(given),
}

test.each(Object.keys(makers))('what is in a .%s comes out of it, with its mode', (kind) => {
  const archive = join(work, `archive.${kind}`)
  writeFileSync(archive, makers[kind]?.(entries) ?? '')
  unpackers[kind]?.(archive)
  for (const { path, content, executable = false } of entries) {
    expect(readFileSync(join(work, path)).equals(content), path).toBe(true)
    expect(statSync(join(work, path)).mode & 0o777).toBe(executable ? 0o755 : 0o644)
  }
  expect(execFileSync(join(work, 'sesame'), { encoding: 'utf8' })).toBe('works\n')
  expect(readdirSync(work)).toHaveLength(4)
})

test.each(Object.keys(makers))('a .%s depends on nothing but what is in it', (kind) => {
  const make = makers[kind]
  expect(make?.([...entries].reverse())).toEqual(make?.(entries))
})

test('nothing in an archive says when, by whom and on which system it was made', () => {
  const listing = (flags: string) => {
    writeFileSync(join(work, 'archive'), makers['tar.gz']?.(entries) ?? '')
    const words = [flags, join(work, 'archive'), '--full-time', '--utc']
    return execFileSync('tar', words, { encoding: 'utf8', env: { ...process.env, TZ: 'Asia/Shanghai' } })
  }
  const lines = listing('-tvzf').trim().split('\n')
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).toMatch(/ root\/root .* 1985-10-26 08:15:00 /)
  const header = gzip(Buffer.from('')).subarray(0, 10)
  expect(header.toString('hex')).toBe('1f8b08000000000002ff')
})

test('a known archive: its bytes are the same wherever it is made', () => {
  const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex')
  expect(hash(tar(entries))).toMatchInlineSnapshot(
    `"f532be198ee4d2ecee68d3e7c1e1916154b9b5795d26adc20f6cb97270591399"`,
  )
})
