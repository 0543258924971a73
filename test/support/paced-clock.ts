import type { Clock } from '../../src/kit/clock.ts'

/**
 * A clock for use cases: the pauses between two requests cost nothing, and deadlines end only when a test lets time pass.
 * Limits look at the clock in steps of 250 ms and requests are shielded for 5 s and more: both are deadlines; what lies in
 * between is a pause.
 */
export interface PacedClock extends Clock {
  /** The pauses so far, in ms. */
  readonly pauses: number[]
  /** Lets time pass, step by step, so that every deadline on the way is met in its turn. */
  pass(ms: number): Promise<void>
  /** Moves wall clock and monotonic clock at once: nothing was waiting. */
  advance(ms: number): void
}

interface Sleeper {
  atMs: number
  wake(): void
}

const longestStepMs = 250
const shortestDeadlineMs = 5_000

export function pacedClock(start = new Date('2026-11-21T08:00:00Z')): PacedClock {
  const beginMs = 5_000
  let nowMs = beginMs
  const pauses: number[] = []
  const sleepers = new Set<Sleeper>()

  function untilPassed(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const sleeper: Sleeper = {
        atMs: nowMs + ms,
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
    pauses,
    now: () => new Date(start.getTime() + nowMs - beginMs),
    monotonicMs: () => nowMs,
    bootedAt: () => ({ at: new Date(start.getTime() - beginMs), id: undefined }),
    advance(ms) {
      nowMs += ms
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      if (ms <= longestStepMs || ms >= shortestDeadlineMs) return untilPassed(ms, signal)
      pauses.push(ms)
      nowMs += ms
      await Promise.resolve()
      signal?.throwIfAborted()
    },
    async pass(ms) {
      const endMs = nowMs + ms
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        const [next] = [...sleepers].sort((a, b) => a.atMs - b.atMs)
        if (next === undefined || next.atMs > endMs) break
        nowMs = Math.max(nowMs, next.atMs)
        next.wake()
      }
      nowMs = Math.max(nowMs, endMs)
    },
  }
}
