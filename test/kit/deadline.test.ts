import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { systemClock, withDeadline, within } from '../../src/kit/index.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const reason = new Error('SIGINT')
const late = () => new Error('too late')

/** Ends only with its signal, as a request does. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })

describe('withDeadline', () => {
  test('gives the result, and leaves no listener at the signal of the caller', async () => {
    const { signal } = new AbortController()
    expect(await withDeadline({ ms: 60_000, signal, late }, async () => 7)).toBe(7)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('a run that takes too long is aborted with the error for that', async () => {
    const { signal } = new AbortController()
    await expect(withDeadline({ ms: 5, signal, late }, untilAborted)).rejects.toThrow('too late')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('an abort is handed on with its reason', async () => {
    const stop = new AbortController()
    const pending = withDeadline({ ms: 60_000, signal: stop.signal, late }, untilAborted)
    stop.abort(reason)
    await expect(pending).rejects.toBe(reason)
  })

  test('an abort before is one too', async () => {
    const signal = AbortSignal.abort(reason)
    await expect(withDeadline({ ms: 60_000, signal, late }, untilAborted)).rejects.toBe(reason)
  })

  test('a limit longer than a timer can have does not end at once', async () => {
    const run = (signal: AbortSignal) => systemClock.sleep(20, signal)
    await withDeadline({ ms: Number.POSITIVE_INFINITY, late }, run)
  })
})

describe('within', () => {
  test('gives what comes in time, and fails as it does', async () => {
    const clock = virtualClock()
    expect(await within({ ms: 10, clock, late: () => 'late' }, Promise.resolve('here'))).toBe('here')
    await expect(within({ ms: 10, clock, late: () => 'late' }, Promise.reject(reason))).rejects.toBe(reason)
  })

  test('gives something else, or fails, when the time is over', async () => {
    const clock = virtualClock()
    const never = new Promise<string>(() => undefined)
    expect(await clock.until(within({ ms: 1_000, clock, late: () => 'late' }, never))).toBe('late')
    expect(clock.monotonicMs()).toBe(6_000)
    const fail = () => {
      throw late()
    }
    await expect(clock.until(within({ ms: 1_000, clock, late: fail }, never))).rejects.toThrow('too late')
  })

  test('ends with the signal, also with one that was aborted before', async () => {
    const clock = virtualClock()
    const never = new Promise<string>(() => undefined)
    const stop = new AbortController()
    const pending = within({ ms: 1_000, clock, signal: stop.signal, late: () => 'late' }, never)
    stop.abort(reason)
    await expect(pending).rejects.toBe(reason)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    const again = within({ ms: 1_000, clock, signal: stop.signal, late: () => 'late' }, never)
    await expect(again).rejects.toBe(reason)
  })
})
