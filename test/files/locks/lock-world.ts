import type { ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { bundleWorker } from '../../store/bundle.ts'
import { startNode } from '../../store/run-node.ts'

/** What each test of locks in several processes has: a directory, a lock, a counter that its holders raise, and workers. */
export interface LockWorld {
  directory: string
  lock: string
  counter: string
  /** Starts a worker, which is killed after the test. */
  start(words: readonly string[], env?: Record<string, string>): ChildProcess
}

/** Makes it anew before each test of the file. */
export function lockWorld(): LockWorld {
  let worker: Awaited<ReturnType<typeof bundleWorker>>
  const children: ChildProcess[] = []
  const world: LockWorld = {
    directory: '',
    lock: '',
    counter: '',
    start(words, env = {}) {
      const child = startNode(worker.file, [...words], env)
      children.push(child)
      return child
    },
  }
  beforeAll(async () => {
    worker = await bundleWorker('lock-worker')
  })
  afterAll(() => worker.remove())
  beforeEach(() => {
    world.directory = fs.mkdtempSync(join(tmpdir(), 'lock-'))
    world.lock = join(world.directory, 'locks', 'one.lock')
    world.counter = join(world.directory, 'counter')
    fs.writeFileSync(world.counter, '0')
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    fs.rmSync(world.directory, { recursive: true, force: true })
  })
  return world
}
