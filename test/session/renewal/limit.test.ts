import { describe, expect, test } from 'vitest'
import { Limit, shareOf, underLimit } from '../../../src/session/renewal/limit.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const never = new AbortController().signal

test.each([1000, Number.POSITIVE_INFINITY])(
  'an outer signal that is aborted already is felt at once, under a limit of %d ms',
  async (leftMs) => {
    const clock = virtualClock()
    const reason = new Error('SIGINT')
    const seen = await underLimit(
      new Limit(clock, clock.monotonicMs() + leftMs),
      AbortSignal.abort(reason),
      async (signal) => [signal.aborted, signal.reason],
    )
    expect(seen).toEqual([true, reason])
  },
)

describe('a limit', () => {
  test('ends when its time is over, with ERR_TIMEOUT', async () => {
    const clock = virtualClock()
    const limit = new Limit(clock, clock.monotonicMs() + 1_000)
    const run = underLimit(limit, never, (signal) => clock.sleep(60_000, signal))
    await expect(clock.until(run)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(clock.monotonicMs()).toBe(6_000)
  })

  test('passes the outer signal on, and leaves no timer behind', async () => {
    const clock = virtualClock()
    const outer = new AbortController()
    const run = underLimit(new Limit(clock, clock.monotonicMs() + 1_000), outer.signal, (signal) =>
      clock.sleep(60_000, signal),
    )
    outer.abort(new Error('Ctrl-C'))
    await expect(clock.until(run)).rejects.toThrow('Ctrl-C')
  })

  test('[case 162] is moved by time in which its timers were late, but not for ever', async () => {
    const clock = virtualClock()
    const limit = new Limit(clock, clock.monotonicMs() + 1_000)
    limit.extend(20_000)
    expect(limit.leftMs()).toBe(21_000)
    limit.extend(200_000)
    expect(limit.leftMs()).toBe(61_000)
  })

  test('[case 162] counts only the part of the time in which the server could have answered', async () => {
    const clock = virtualClock()
    const startedMs = clock.monotonicMs()
    const limit = new Limit(clock, startedMs + 1_000, () => 0.75)
    await clock.until(limit.end(never))
    expect(clock.monotonicMs() - startedMs).toBeGreaterThan(3_000)
    expect(clock.monotonicMs() - startedMs).toBeLessThan(4_500)
  })

  test('[case 204] does not end while it is held, and leaves a little time after', async () => {
    const clock = virtualClock()
    const limit = new Limit(clock, clock.monotonicMs() + 1_000)
    const release = limit.hold()
    await clock.until(clock.sleep(12_000))
    expect(limit.over).toBe(false)
    release()
    expect(limit.leftMs()).toBe(5_000)
    const early = new Limit(clock, clock.monotonicMs() + 9_000)
    early.hold()()
    expect(early.leftMs()).toBe(9_000)
  })
})

describe('[case 162] how starved a machine is', () => {
  test.each([
    ['0.10 0.20 0.30 1/411 12345', 2, 0],
    ['9.10 8.20 7.30 16/411 12345', 2, 0],
    ['9.10 8.20 7.30 160/411 12345', 2, 0.9],
    ['9.10 8.20 7.30 160/411 12345', 64, 0],
    ['nonsense', 2, 0],
    ['', 0, 0],
  ])('%j on %i cores: %d', (text, cores, share) => {
    expect(shareOf(text, cores)).toBeCloseTo(share)
  })
})
