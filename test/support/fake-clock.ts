import type { Clock } from '../../src/kit/clock.ts'

/** A clock that stands still until a caller sleeps: then it jumps, so that waits cost nothing and are recorded. */
export interface FakeClock extends Clock {
  /** Every sleep that was asked for, in ms. */
  readonly sleeps: number[]
  /** Moves the wall clock and the monotonic clock. */
  advance(ms: number): void
  /** Sets the wall clock only, as a person or NTP would. */
  setWallClock(now: Date): void
  /** From now on it is the clock of another boot, of this machine or another, which has been up for so long. */
  reboot(id: string, upForMs: number): void
}

export function fakeClock(start = new Date('2026-11-21T08:00:00Z')): FakeClock {
  let wallMs = start.getTime()
  let monotonicMs = 1_000
  let bootId = 'a boot'
  const sleeps: number[] = []
  const advance = (ms: number) => {
    wallMs += ms
    monotonicMs += ms
  }
  return {
    sleeps,
    advance,
    setWallClock: (now) => {
      wallMs = now.getTime()
    },
    reboot: (id, upForMs) => {
      bootId = id
      monotonicMs = upForMs
    },
    now: () => new Date(wallMs),
    monotonicMs: () => monotonicMs,
    bootedAt: () => ({ at: new Date(wallMs - monotonicMs), id: bootId }),
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      sleeps.push(ms)
      advance(Math.max(0, ms))
      await Promise.resolve()
      signal?.throwIfAborted()
    },
  }
}
