import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expiryOf, isFresh, type Lifetime, marginMs, measureClock, remainingMs } from '../../src/kit/index.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A life that begins now by a server whose clock is `skewMs` before the local one. */
function born(clock: FakeClock, lifeMs: number, skewMs = 0): Lifetime {
  const serverNow = new Date(clock.now().getTime() + skewMs)
  const header = new Date(Math.floor(serverNow.getTime() / 1000) * 1000)
  return {
    obtainedAt: serverNow,
    expiresAt: new Date(serverNow.getTime() + lifeMs),
    clock: measureClock(header, clock.now(), clock.bootedAt()),
  }
}

const fresh = (life: Lifetime, clock: FakeClock, marginSeconds?: number) =>
  isFresh(life, clock.now(), clock.bootedAt(), marginSeconds)

function set(clock: FakeClock, byMs: number): void {
  clock.setWallClock(new Date(clock.now().getTime() + byMs))
}

describe('the margin', () => {
  test.each([
    [8 * hour, 5 * minute],
    [11 * minute, 5 * minute],
    [8 * minute, 4 * minute],
    [minute, 30_000],
    [0, 0],
    [-minute, 0],
  ])('of a life of %i ms is %i ms', (lifeMs, margin) => {
    expect(marginMs(born(fakeClock(), lifeMs))).toBe(margin)
  })

  test('can be asked for, and is never more than half of the life', () => {
    const life = born(fakeClock(), hour)
    expect(marginMs(life, 900)).toBe(15 * minute)
    expect(marginMs(life, 99_999)).toBe(30 * minute)
  })
})

describe('[case 20] a life of eight hours', () => {
  test.each([
    [19_000, true],
    [hour, true],
    [7 * hour + 54 * minute, true],
    [7 * hour + 55 * minute, false],
    [8 * hour, false],
    [9 * hour, false],
  ])('after %i ms is fresh: %s', (afterMs, expected) => {
    const clock = fakeClock()
    const life = born(clock, 8 * hour)
    clock.advance(afterMs)
    expect(fresh(life, clock)).toBe(expected)
  })

  test('expires_in counts from the server’s instant', () => {
    expect(expiryOf(new Date('2026-11-21T08:00:00Z'), 28_800)).toEqual(new Date('2026-11-21T16:00:00Z'))
  })
})

describe('[case 29] a local clock that is wrong', () => {
  const skews = [10 * minute, -10 * minute, day, -day]

  test.each(skews)('by %i ms all the time makes no difference', (skewMs) => {
    const clock = fakeClock()
    const life = born(clock, hour, skewMs)
    expect(remainingMs(life, clock.now(), clock.bootedAt())).toBeCloseTo(hour, -3.5)
    clock.advance(54 * minute)
    expect(fresh(life, clock)).toBe(true)
    clock.advance(2 * minute)
    expect(fresh(life, clock)).toBe(false)
  })

  test.each(skews)(
    'that was wrong by %i ms and is then put right: what is fresh is never expired',
    (skewMs) => {
      const clock = fakeClock()
      const life = born(clock, hour, skewMs)
      set(clock, skewMs)
      clock.advance(59 * minute)
      expect(fresh(life, clock)).toBe(false)
    },
  )

  test.each(skews)('that was right and is then set by %i ms: at worst one renewal too early', (setMs) => {
    const clock = fakeClock()
    const life = born(clock, hour)
    set(clock, setMs)
    if (setMs < 0) expect(fresh(life, clock)).toBe(true)
    else expect(fresh(life, clock)).toBe(setMs < 55 * minute)
    clock.advance(56 * minute)
    expect(fresh(life, clock)).toBe(false)
  })

  test('there and back again counts as never set', () => {
    const clock = fakeClock()
    const life = born(clock, hour, day)
    set(clock, -hour)
    set(clock, hour)
    expect(fresh(life, clock)).toBe(true)
  })

  test('a difference below the resolution of the header is none, and no header is none', () => {
    const clock = fakeClock()
    const at = (ms: number) => new Date(clock.now().getTime() + ms)
    expect(measureClock(at(1_000), clock.now(), clock.bootedAt()).skewMs).toBe(0)
    expect(measureClock(at(-2_000), clock.now(), clock.bootedAt()).skewMs).toBe(0)
    expect(measureClock(undefined, clock.now(), clock.bootedAt()).skewMs).toBe(0)
    expect(measureClock(at(600_000), clock.now(), clock.bootedAt()).skewMs).toBe(600_500)
  })

  test('with any steady skew, freshness is the server’s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -2 * day, max: 2 * day }),
        fc.integer({ min: minute, max: 12 * hour }),
        fc.integer({ min: 0, max: 13 * hour }),
        (skewMs, lifeMs, agedMs) => {
          const clock = fakeClock()
          const life = born(clock, lifeMs, skewMs)
          clock.advance(agedMs)
          const leftMs = lifeMs - agedMs - marginMs(life)
          // Within the resolution of the Date header either answer is right.
          if (Math.abs(leftMs) > 3_000) expect(fresh(life, clock)).toBe(leftMs > 0)
        },
      ),
    )
  })
})
