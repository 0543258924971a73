import { describe, expect, test } from 'vitest'
import { type ProcessTable, systemProcesses, watchParent } from '../../src/terminal/calling-process.ts'
import { fakeClock as plainClock } from '../support/fake-clock.ts'
import { spawnSync } from '../support/run-sync.ts'

const { signal } = new AbortController()

/** One that gives up: a wait without an end would leave no turn to any timer. */
function fakeClock() {
  const clock = plainClock()
  const sleep: typeof clock.sleep = (ms, given) => {
    if (clock.sleeps.length > 1000) throw new Error('waits for ever')
    return clock.sleep(ms, given)
  }
  return { ...clock, sleep }
}

/** A table in which something changes at the third look. */
function changing(before: Partial<ProcessTable>, after: Partial<ProcessTable>): ProcessTable {
  let looks = 0
  const base: ProcessTable = { parent: () => 4711, identity: () => 'first' }
  return {
    parent() {
      looks++
      return { ...base, ...(looks > 3 ? after : before) }.parent()
    },
    identity: (pid) => ({ ...base, ...(looks > 3 ? after : before) }).identity(pid),
  }
}

describe('[case 178] the parent has ended', () => {
  test.each([
    ['another parent (POSIX)', { parent: () => 1 }],
    ['the number stays, the process is gone (Windows)', { identity: () => undefined }],
    ['the number belongs to another process', { identity: () => 'second' }],
  ])('%s', async (_what, after) => {
    const clock = fakeClock()
    await watchParent(changing({}, after))(clock, signal)
    expect(clock.sleeps.length).toBeGreaterThan(0)
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBeLessThan(5000)
  })

  test('while it is still there, only an abort ends the wait', async () => {
    const abort = new AbortController()
    const clock = fakeClock()
    const looks = { ...clock, sleep: clock.sleep }
    looks.sleep = async (ms, given) => {
      if (clock.sleeps.length === 100) abort.abort(new Error('enough'))
      await clock.sleep(ms, given)
    }
    await expect(watchParent()(looks, abort.signal)).rejects.toThrow('enough')
    expect(clock.sleeps).toHaveLength(100)
  })

  test('one that has ended before the first look', async () => {
    const clock = fakeClock()
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    await watchParent({ ...systemProcesses, parent: () => dead })(clock, signal)
    expect(clock.sleeps).toEqual([])
  })

  test('one that has ended between the start and the wait', async () => {
    const clock = fakeClock()
    let parent = 4711
    const ends = watchParent({ parent: () => parent, identity: () => 'first' })
    parent = 1
    await ends(clock, signal)
    expect(clock.sleeps).toEqual([])
  })

  test('a parent without a number here is not asked for', async () => {
    const clock = fakeClock()
    let parent = 0
    const identity = () => {
      throw new Error('0 is the process group')
    }
    const ends = watchParent({ parent: () => parent, identity })
    const sleep: typeof clock.sleep = async (ms, given) => {
      if (clock.sleeps.length === 3) parent = 1
      await clock.sleep(ms, given)
    }
    await ends({ ...clock, sleep }, signal)
    expect(clock.sleeps).toHaveLength(4)
  })
})
