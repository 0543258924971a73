import type { Clock } from '../../src/kit/clock.ts'

/** A clock for several callers that wait at once: it stands still while one of them works, and then jumps to the next one's end of sleep. */
export interface VirtualClock extends Clock {
  /** Lets time pass until the promise has ended, and returns what it ended in. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Moves the time without waking a caller: a machine that gave no process a core. */
  starve(ms: number): void
}

interface Sleeper {
  atMs: number
  wake(): void
}

export function virtualClock(start = new Date('2026-11-21T08:00:00Z')): VirtualClock {
  const sleepers = new Set<Sleeper>()
  const beginMs = 5_000
  let nowMs = beginMs

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => {
        sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const sleeper: Sleeper = {
        atMs: nowMs + Math.max(0, ms),
        wake: () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', abort)
          resolve()
        },
      }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  return {
    now: () => new Date(start.getTime() + nowMs - beginMs),
    monotonicMs: () => nowMs,
    bootedAt: () => ({ at: new Date(start.getTime() - beginMs), id: undefined }),
    sleep,
    starve(ms) {
      nowMs += ms
    },
    async until(promise) {
      let ended = false
      const watched = promise.finally(() => {
        ended = true
      })
      void Promise.allSettled([watched])
      while (!ended) {
        // Some turns for those who work: files are read at once, promises take a few.
        for (let turn = 0; turn < 5 && !ended; turn++) await new Promise((resolve) => setImmediate(resolve))
        const [next] = [...sleepers].sort((a, b) => a.atMs - b.atMs)
        if (ended || next === undefined) continue
        nowMs = Math.max(nowMs, next.atMs)
        next.wake()
      }
      return watched
    },
  }
}
