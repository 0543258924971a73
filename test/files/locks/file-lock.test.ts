import type { ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FileLockOptions, withFileLock } from '../../../src/files/locks/file-lock.ts'
import { waitingFor } from '../../../src/files/locks/lock-messages.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { finished, says } from '../../store/run-node.ts'
import { spawnSync } from '../../support/run-sync.ts'
import { lockWorld } from './lock-world.ts'

const options: FileLockOptions = { clock: systemClock, log: silentLog }
const world = lockWorld()
let directory: string
let lock: string
let counter: string
beforeEach(() => {
  ;({ directory, lock, counter } = world)
})

function start(...args: string[]): ChildProcess {
  return world.start(args)
}

async function startHolder(): Promise<ChildProcess> {
  const holder = start('hold', lock, counter)
  await says(holder, 'holding')
  return holder
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = finished(child)
  child.kill('SIGKILL')
  await ended
}

/** Runs `count` counters at once and returns what they complained of. */
async function crowd(count: number, rounds: number): Promise<string> {
  const runs = await Promise.all(
    Array.from({ length: count }, () => finished(start('count', lock, counter, String(rounds)))),
  )
  return runs.map((run) => run.stderr).join('')
}

/** The content that a holder of this host would have written, with something changed. */
function forge(changes: Record<string, unknown>): void {
  fs.mkdirSync(join(directory, 'locks'), { recursive: true, mode: 0o700 })
  // A new inode, as a real taker puts there.
  fs.rmSync(lock, { force: true })
  fs.writeFileSync(lock, JSON.stringify({ ...own, nonce: '00112233445566aa', ...changes }))
}
let own: { pid: number; startTime: string | null; host: string }
beforeAll(async () => {
  const probe = join(fs.mkdtempSync(join(tmpdir(), 'lock-')), 'probe.lock')
  own = await withFileLock(probe, options, async () => JSON.parse(fs.readFileSync(probe, 'utf8')))
  fs.rmSync(join(probe, '..'), { recursive: true })
})

function age(path: string, seconds: number): void {
  const then = fs.statSync(path).mtimeMs / 1000 - seconds
  fs.utimesSync(path, then, then)
}

const inside = async () => 'inside'
const lockFiles = () => fs.readdirSync(join(directory, 'locks'))

describe('one holder at a time', () => {
  test('30 processes count to 150 and lose nothing', async () => {
    expect(await crowd(30, 5)).toBe('')
    expect(fs.readFileSync(counter, 'utf8')).toBe('150')
    expect(lockFiles()).toEqual([])
  })

  test('holders in one process take turns', async () => {
    const order: string[] = []
    const turn = (name: string) =>
      withFileLock(lock, options, async () => {
        order.push(`${name} in`)
        await systemClock.sleep(5)
        order.push(`${name} out`)
      })
    await Promise.all([turn('a'), turn('b'), turn('c')])
    expect(order.map((step) => step.slice(2))).toEqual(['in', 'out', 'in', 'out', 'in', 'out'])
  })

  test('the lock is free again after a throw, which passes through', async () => {
    const failing = withFileLock(lock, options, async () => {
      throw new Error('broken inside')
    })
    await expect(failing).rejects.toThrow('broken inside')
    expect(lockFiles()).toEqual([])
    expect(await withFileLock(lock, options, inside)).toBe('inside')
  })

  test('the lock file is complete and 0600 while held, in a directory of 0700', async () => {
    await withFileLock(lock, options, async () => {
      expect(JSON.parse(fs.readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid })
      expect(fs.statSync(lock).mode & 0o777).toBe(0o600)
      expect(fs.statSync(join(directory, 'locks')).mode & 0o777).toBe(0o700)
      expect(lockFiles()).toEqual(['one.lock'])
    })
  })
})

describe('dead holders [case 46]', () => {
  test('[case 45] kill -9 of the holder: the next one takes over', async () => {
    const holder = await startHolder()
    await kill(holder)
    expect(lockFiles()).toEqual(['one.lock'])
    expect(await withFileLock(lock, options, inside)).toBe('inside')
    expect(lockFiles()).toEqual([])
  })

  test('a waiter goes on when its holder is killed', async () => {
    const holder = await startHolder()
    // Long before its heartbeat would be missed.
    const waiter = withFileLock(lock, { ...options, waitMs: 50_000 }, inside)
    await kill(holder)
    expect(await waiter).toBe('inside')
  })

  test('[case 46] a recycled process number: alive, but started at another time', async () => {
    forge({ pid: process.pid, startTime: '1' })
    expect(await withFileLock(lock, { ...options, waitMs: 30_000 }, inside)).toBe('inside')
  })

  test.each([
    ['an empty file', ''],
    ['garbage', '\u0000\u0001not json'],
    ['JSON of another kind', '[null]'],
    ['a nonce that would leave the directory', '{"pid":1,"startTime":null,"host":"x","nonce":"../../../up"}'],
  ])('[case 46] %s counts as held for 60 s, then is taken over', async (_, content) => {
    forge({})
    fs.writeFileSync(lock, content)
    const waiting = withFileLock(lock, { ...options, waitMs: 50 }, inside)
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_LOCK_TIMEOUT' })
    expect(fs.readFileSync(lock, 'utf8')).toBe(content)
    age(lock, 61)
    expect(await withFileLock(lock, { ...options, waitMs: 30_000 }, inside)).toBe('inside')
    expect(lockFiles()).toEqual([])
  })

  test('[case 46] a lock from another host is judged by its heartbeat alone', async () => {
    forge({ host: 'elsewhere 1234 pid:[1]', pid: 1 })
    const held = { ...options, waitMs: 50 }
    await expect(withFileLock(lock, held, inside)).rejects.toThrow('process 1 on elsewhere')
    age(lock, 61)
    expect(await withFileLock(lock, held, inside)).toBe('inside')
  })

  test('[case 46] a lock dated in the future by a clock jump does not hold for ever', async () => {
    forge({ host: 'elsewhere 1234 pid:[1]' })
    age(lock, -86_400)
    expect(await withFileLock(lock, { ...options, waitMs: 50 }, inside)).toBe('inside')
  })

  test('without a start time a live process number holds until its heartbeat ends', async () => {
    forge({ pid: process.pid, startTime: null })
    age(lock, 45)
    await expect(withFileLock(lock, { ...options, waitMs: 50 }, inside)).rejects.toMatchObject({
      code: 'ERR_LOCK_TIMEOUT',
    })
    age(lock, 61)
    expect(await withFileLock(lock, { ...options, waitMs: 50 }, inside)).toBe('inside')
  })

  test('[case 46] 20 processes race for one dead lock: never two inside, nothing left over', async () => {
    for (let round = 1; round <= 3; round++) {
      await kill(await startHolder())
      expect(await crowd(20, 1)).toBe('')
      expect(fs.readFileSync(counter, 'utf8')).toBe(String(20 * round))
    }
    expect(lockFiles()).toEqual([])
  })

  test('[case 46] a taker that was killed is removed in its turn, and its leftovers go', async () => {
    await kill(await startHolder())
    const { nonce } = JSON.parse(fs.readFileSync(lock, 'utf8'))
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    const taker = JSON.stringify({ ...own, pid: dead, nonce: 'aaaaaaaaaaaaaaaa' })
    fs.writeFileSync(`${lock}.${nonce}`, taker)
    fs.writeFileSync(`${lock}.${dead}-aaaaaaaaaaaaaaaa.ticket`, taker)
    expect(await crowd(10, 1)).toBe('')
    expect(fs.readFileSync(counter, 'utf8')).toBe('10')
    expect(lockFiles()).toEqual([])
  })
})

test('[case 46] a process that was killed while it waited leaves its ticket to the next holder, not for good', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  fs.mkdirSync(join(directory, 'locks'), { mode: 0o700 })
  const content = JSON.stringify({ ...own, pid: dead, nonce: 'aaaaaaaaaaaaaaaa' })
  fs.writeFileSync(`${lock}.${dead}-aaaaaaaaaaaaaaaa.ticket`, content)
  const living = `one.lock.${process.pid}-bbbbbbbbbbbbbbbb.ticket`
  fs.writeFileSync(join(directory, 'locks', living), JSON.stringify({ ...own, nonce: 'bbbbbbbbbbbbbbbb' }))
  expect(await withFileLock(lock, options, inside)).toBe('inside')
  expect(lockFiles()).toEqual([living])
})

describe('losing and waiting', () => {
  test('[case 46] a loser never removes the lock of the winner', async () => {
    await withFileLock(lock, options, async () => {
      forge({ nonce: 'bbbbbbbbbbbbbbbb' })
    })
    expect(JSON.parse(fs.readFileSync(lock, 'utf8')).nonce).toBe('bbbbbbbbbbbbbbbb')
  })

  test('[case 46] a waiter that gives up leaves the lock and no litter', async () => {
    const holder = await startHolder()
    const waiting = withFileLock(lock, { ...options, waitMs: 60 }, inside)
    await expect(waiting).rejects.toMatchObject({
      code: 'ERR_LOCK_TIMEOUT',
      message: expect.stringContaining(`process ${holder.pid}`),
      // It works: to end it could cost the sign-in that it is renewing.
      hint: expect.not.stringContaining('kill'),
    })
    expect(lockFiles()).toEqual(['one.lock'])
  })

  test('[case 46] a stopped holder (SIGSTOP) makes others give up with its number', async () => {
    const holder = await startHolder()
    holder.kill('SIGSTOP')
    age(lock, 31)
    await expect(withFileLock(lock, options, inside)).rejects.toMatchObject({
      code: 'ERR_LOCK_TIMEOUT',
      message: expect.stringMatching(new RegExp(`process ${holder.pid} .*not responding`)),
    })
  })

  test('[case 44] a waiter learns once which process it waits for', async () => {
    const holder = await startHolder()
    const reported: unknown[] = []
    const onWait = (other: { pid: number; host: string } | undefined) => {
      reported.push(other)
    }
    const waiting = withFileLock(lock, { ...options, onWait, waitMs: 900 }, inside)
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_LOCK_TIMEOUT' })
    expect(reported).toEqual([{ pid: holder.pid, host: own.host.split(' ')[0] }])
  })

  test('[case 123] a lock file that cannot be understood is not waited for in silence', async () => {
    fs.mkdirSync(dirname(lock), { mode: 0o700 })
    for (const content of ['', '{', '{"pid":"x"}', 'rubbish']) {
      fs.writeFileSync(lock, content)
      const reported: unknown[] = []
      const onWait = (other: unknown) => void reported.push(other)
      const waiting = withFileLock(lock, { ...options, onWait, waitMs: 700 }, inside)
      await expect(waiting).rejects.toMatchObject({ code: 'ERR_LOCK_TIMEOUT' })
      expect(reported).toEqual([undefined])
    }
    expect(waitingFor(undefined, lock)).toContain(lock)
  })

  test('an abort ends the wait at once with its reason', async () => {
    await startHolder()
    const controller = new AbortController()
    const waiting = withFileLock(lock, { ...options, signal: controller.signal }, inside)
    const aborted = expect(waiting).rejects.toThrow('enough')
    await systemClock.sleep(200)
    controller.abort(new Error('enough'))
    await aborted
    expect(lockFiles()).toEqual(['one.lock'])
  })
})

describe('where no lock can be had', () => {
  test('[case 39] a full disk: the work is done all the same, and said', async () => {
    const disk = join(directory, 'disk')
    fs.mkdirSync(disk)
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=2,mode=700', 'tmpfs', disk])
    if (mount.status !== 0) return
    try {
      fs.writeFileSync(join(disk, 'full'), '')
      const reported: unknown[] = []
      const onUnavailable = (error: unknown) => reported.push(error)
      const run = withFileLock(join(disk, 'one.lock'), { ...options, onUnavailable }, inside)
      expect(await run).toBe('inside')
      expect(reported).toMatchObject([{ code: 'ERR_FILE', cause: { code: 'ENOSPC' } }])
    } finally {
      spawnSync('umount', [disk])
    }
  })

  test('[case 36] a lock directory that is a symbolic link is refused', async () => {
    fs.mkdirSync(join(directory, 'elsewhere'))
    fs.symlinkSync(join(directory, 'elsewhere'), join(directory, 'locks'))
    await expect(withFileLock(lock, options, inside)).rejects.toMatchObject({ code: 'ERR_FILE' })
  })
})
