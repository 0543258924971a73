import { describe, expect, test } from 'vitest'
import { retryTransient } from '../../src/http/index.ts'
import { type ErrorCode, SesameError } from '../../src/kit/errors.ts'
import { fakeClock } from '../support/fake-clock.ts'

const failure = (code: ErrorCode, details: ConstructorParameters<typeof SesameError>[2] = {}) =>
  new SesameError(code, 'It failed.', details)

/** Runs what fails like this until it succeeds, and says how often it ran. */
async function attempts(error: unknown, times: number, random = 0.5, totalMs = 20_000) {
  const clock = fakeClock()
  const limits: number[] = []
  const run = async (timeoutMs: number) => {
    limits.push(timeoutMs)
    if (limits.length <= times) throw error
  }
  const outcome = await retryTransient({ clock, totalMs, random: () => random }, run).then(
    () => 'done',
    (reason: unknown) => reason,
  )
  return { outcome, limits, sleeps: clock.sleeps }
}

describe('a fault that may pass', () => {
  test.each([
    ['a network fault', failure('ERR_NETWORK')],
    ['a time-out', failure('ERR_TIMEOUT')],
    ['a server fault', failure('ERR_SERVER')],
    ['a proxy that cannot reach the host', failure('ERR_PROXY', { status: 502 })],
    ['an answer that broke off', failure('ERR_RESPONSE_INVALID', { cause: { code: 'ECONNRESET' } })],
    ['throttling', failure('ERR_REFUSED', { serverCode: 'Throttling' })],
    ['throttling of a user', failure('ERR_REFUSED', { serverCode: 'Throttling.User' })],
    ['throttling of an API', failure('ERR_FORBIDDEN', { serverCode: 'Throttling.Api' })],
  ])('%s is repeated, at growing intervals', async (_what, error) => {
    const { outcome, limits, sleeps } = await attempts(error, 3)
    expect(outcome).toBe('done')
    expect(sleeps).toEqual([300, 600, 1200])
    expect(limits).toEqual([20_000, 19_700, 19_100, 17_900])
  })

  test('is thrown after four attempts', async () => {
    const error = failure('ERR_SERVER')
    const { outcome, limits } = await attempts(error, 4)
    expect(outcome).toBe(error)
    expect(limits).toHaveLength(4)
  })

  test('is thrown when the time does not reach for another wait', async () => {
    const error = failure('ERR_SERVER')
    const { outcome, limits } = await attempts(error, 4, 0.5, 900)
    expect(outcome).toBe(error)
    expect(limits).toEqual([900, 600])
  })

  test.each([
    [0, [200, 400, 800]],
    [0.999, [399.8, 799.6, 1599.2]],
  ])('waits with a jitter of half: %d gives %j', async (random, waits) => {
    expect((await attempts(failure('ERR_SERVER'), 3, random)).sleeps).toEqual(
      waits.map((wait) => expect.closeTo(wait, 6)),
    )
  })
})

test.each([
  ['a refusal', failure('ERR_REFUSED', { serverCode: 'InvalidParameter' })],
  ['a code that only ends like one', failure('ERR_REFUSED', { serverCode: 'NoThrottling' })],
  ['a refused token', failure('ERR_UNAUTHORIZED')],
  ['a certificate', failure('ERR_TLS')],
  ['a proxy that wants a password', failure('ERR_PROXY', { status: 407 })],
  ['an invalid answer', failure('ERR_RESPONSE_INVALID')],
  ['a mistake of ours', new TypeError('oops')],
])('%s is thrown at once', async (_what, error) => {
  const { outcome, limits } = await attempts(error, 1)
  expect(outcome).toBe(error)
  expect(limits).toHaveLength(1)
})

test('an abort takes the place of the failure, and nothing is repeated', async () => {
  const stop = new AbortController()
  const reason = new Error('SIGINT')
  let count = 0
  const run = async () => {
    count++
    stop.abort(reason)
    throw failure('ERR_NETWORK')
  }
  const { signal } = stop
  const retrying = retryTransient({ clock: fakeClock(), signal, totalMs: 1000, random: () => 0 }, run)
  await expect(retrying).rejects.toBe(reason)
  expect(count).toBe(1)
})
