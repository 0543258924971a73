import type * as fs from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answering, type CrowdWorld, crowdWorld, refusing } from './crowd.ts'

// As on file systems that know no hard links: some network mounts, FAT, some containers.
vi.mock('node:fs', async (load) => {
  const real = await load<typeof fs>()
  return {
    ...real,
    linkSync: () => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), {
        code: 'EPERM',
        syscall: 'link',
      })
    },
  }
})

let world: CrowdWorld
beforeEach(() => {
  world = crowdWorld()
})
afterEach(() => world.remove())

test('without hard links thirty processes share one result, and one failure', async () => {
  world.answers = [answering(world.clock, 3_000), refusing(world.clock, 1_000)]
  const all = await world.clock.until(Promise.all(Array.from({ length: 30 }, () => world.start())))
  expect(new Set(all.map(({ number }) => number))).toEqual(new Set([1]))
  expect(world.taken).toBe(1)
  await world.clock.until(world.clock.sleep(1))
  world.store.kept = undefined
  const failed = await world.clock.until(Promise.allSettled(Array.from({ length: 30 }, () => world.start())))
  expect(failed.every(({ status }) => status === 'rejected')).toBe(true)
  expect(world.exchanges).toBe(2)
  expect(world.files('locks')).toEqual([])
})
