import type { ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { finished, says } from '../../store/run-node.ts'
import { lockWorld } from './lock-world.ts'

/*
 * Locks where the file system has no hard links, in several processes. A file that each of them loads first makes `link` fail as
 * such a file system does.
 */

const world = lockWorld()
let directory: string
let lock: string
let counter: string
beforeEach(() => {
  ;({ directory, lock, counter } = world)
})

/** Code that runs in a process before anything else of it. */
const noLinks = (code: string) =>
  `fs.linkSync = () => { throw Object.assign(new Error('no links'), { code: '${code}', syscall: 'link' }) }`

/** The link is there, and its answer was lost. */
const lostAnswer = `const link = fs.linkSync
fs.linkSync = (...names) => { link(...names); throw Object.assign(new Error('lost'), { code: 'EIO', syscall: 'link' }) }`

/** A name that cannot be had now and then, as on Windows while a deleted file is still open. */
const busyWindows = `${noLinks('EISDIR')}
Object.defineProperty(process, 'platform', { value: 'win32' })
const open = fs.openSync
let calls = 0
fs.openSync = (path, ...rest) => {
  if (String(path).endsWith('.lock') && ++calls % 3 === 0) throw Object.assign(new Error('busy'), { code: 'EPERM', syscall: 'open' })
  return open(path, ...rest)
}`

function start(preload: string, ...words: string[]): ChildProcess {
  const file = join(directory, 'first.cjs')
  if (!fs.existsSync(file)) fs.writeFileSync(file, `const fs = require('node:fs')\n${preload}\n`)
  return world.start(words, { NODE_OPTIONS: `--require ${file}` })
}

async function crowd(preload: string, count: number, rounds: number): Promise<string> {
  const runs = await Promise.all(
    Array.from({ length: count }, () => finished(start(preload, 'count', lock, counter, String(rounds)))),
  )
  return runs.map(({ stderr }) => stderr).join('')
}

const codes = ['EISDIR', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOSYS', 'EINVAL', 'EACCES', 'UNKNOWN']

describe('[case 186] file systems without hard links', () => {
  test.each(codes)('that say %s: one holder at a time, and nothing is left', async (code) => {
    expect(await crowd(noLinks(code), 6, 4)).toBe('')
    expect(fs.readFileSync(counter, 'utf8')).toBe('24')
    expect(fs.readdirSync(join(directory, 'locks'))).toEqual([])
  })

  test('processes race for the lock of one that was killed: never two inside', async () => {
    const preload = noLinks('EISDIR')
    const holder = start(preload, 'hold', lock, counter)
    await says(holder, 'holding')
    const ended = finished(holder)
    holder.kill('SIGKILL')
    await ended
    expect(await crowd(preload, 12, 1)).toBe('')
    expect(fs.readFileSync(counter, 'utf8')).toBe('12')
    expect(fs.readdirSync(join(directory, 'locks'))).toEqual([])
  })

  test('a link that was made, though its call failed', async () => {
    expect(await crowd(lostAnswer, 6, 4)).toBe('')
    expect(fs.readFileSync(counter, 'utf8')).toBe('24')
    expect(fs.readdirSync(join(directory, 'locks'))).toEqual([])
  })

  test('Windows: a name that is busy is waited for, and no process works without the lock', async () => {
    expect(await crowd(busyWindows, 6, 4)).toBe('')
    expect(fs.readFileSync(counter, 'utf8')).toBe('24')
  })
})
