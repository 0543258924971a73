import { describe, expect, test } from 'vitest'
import type { DeviceAuthorization } from '../../src/identity/device-authorization.ts'
import { runDeviceFlow } from '../../src/identity/device-flow.ts'
import type { DeviceFlowDialect, PollOutcome, StartOutcome } from '../../src/identity/device-flow-dialect.ts'
import type { PkcePair } from '../../src/identity/pkce.ts'
import { SesameError } from '../../src/kit/errors.ts'
import { silentLog } from '../../src/kit/log.ts'
import { Secret } from '../../src/kit/secret.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

const token = {
  accessToken: new Secret('access-token-of-the-test'),
  lifetime: {
    obtainedAt: new Date(0),
    expiresAt: new Date(28_800_000),
    clock: { skewMs: 0, bootedAt: { at: new Date(0), id: undefined } },
  },
}
const granted: PollOutcome = { kind: 'granted', token }
const pending: PollOutcome = { kind: 'pending' }
const slowDown: PollOutcome = { kind: 'slow-down' }
const reset = new SesameError('ERR_NETWORK', 'connection reset')
const passing = new SesameError('ERR_SERVER', 'status 503', { status: 503 })

function authorization(
  limits: { expiresInSeconds?: number; intervalSeconds?: number } = {},
): DeviceAuthorization {
  return {
    deviceCode: new Secret('device-code-of-the-test'),
    userCode: 'KFFJ-LJXK',
    configuredHost: 'signin.example',
    verificationUri: { text: 'https://signin.example/device/code', mayOpen: true },
    expiresInSeconds: 600,
    intervalSeconds: 5,
    ...limits,
  }
}

type Step = PollOutcome | Error | ((clock: FakeClock) => PollOutcome)

/** A server that follows a script; `polledAt` are the monotonic instants of its polls. */
function scripted(clock: FakeClock, steps: readonly Step[], starts: readonly (StartOutcome | Error)[] = []) {
  const polledAt: number[] = []
  const pairs: PkcePair[] = []
  let startCount = 0
  const dialect: DeviceFlowDialect = {
    async startDeviceAuthorization(pkce) {
      pairs.push(pkce)
      const start = starts[startCount++] ?? { kind: 'started' as const, authorization: authorization() }
      if (start instanceof Error) throw start
      return start
    },
    async redeemDeviceCode(_authorization, pkce) {
      pairs.push(pkce)
      const step = steps[polledAt.length] ?? pending
      polledAt.push(clock.monotonicMs())
      if (step instanceof Error) throw step
      return typeof step === 'function' ? step(clock) : step
    },
  }
  return { dialect, polledAt, pairs, starts: () => startCount }
}

function started(limits: Parameters<typeof authorization>[0]): StartOutcome {
  return { kind: 'started', authorization: authorization(limits) }
}

function run(dialect: DeviceFlowDialect, clock: FakeClock, signal = new AbortController().signal) {
  return runDeviceFlow(dialect, { clock, log: silentLog, signal, onVerification: () => {} })
}

const gaps = (instants: readonly number[], from: number) =>
  instants.map((instant, i) => instant - (i === 0 ? from : (instants[i - 1] ?? 0)))

describe('polling', () => {
  test('[case 1] waits the interval before the first poll and between all polls', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(clock, [pending, pending, granted])
    expect(await run(server.dialect, clock)).toBe(token)
    for (const gap of gaps(server.polledAt, startMs)) expect(gap).toBeGreaterThanOrEqual(5_000)
  })

  test('[case 2] counts the interval from the answer, not from the request, with a little to spare', async () => {
    const clock = fakeClock()
    const slowAnswer = (): PollOutcome => {
      clock.advance(1_500)
      return pending
    }
    const server = scripted(clock, [slowAnswer, granted], [started({ intervalSeconds: 2 })])
    await run(server.dialect, clock)
    const [first = 0, second = 0] = server.polledAt
    expect(second - (first + 1_500)).toBeGreaterThan(2_000)
    expect(second - (first + 1_500)).toBeLessThan(2_500)
  })

  test('[case 3] slow_down adds five seconds, each time, for good', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(clock, [slowDown, slowDown, pending, granted])
    await run(server.dialect, clock)
    expect(gaps(server.polledAt, startMs).map((gap) => Math.floor(gap / 1000))).toEqual([5, 10, 15, 15])
  })

  test('[case 3] Retry-After holds for one round when it is longer than the interval', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(clock, [{ kind: 'pending', retryAfterMs: 30_000 }, pending, granted])
    await run(server.dialect, clock)
    expect(gaps(server.polledAt, startMs).map((gap) => Math.floor(gap / 1000))).toEqual([5, 30, 5])
  })

  test('[case 3] a Retry-After beyond the code’s life ends as expired, not later than the code', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(
      clock,
      [{ kind: 'slow-down', retryAfterMs: 3_600_000 }],
      [started({ expiresInSeconds: 60 })],
    )
    await expect(run(server.dialect, clock)).rejects.toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
    expect(clock.monotonicMs() - startMs).toBeLessThanOrEqual(60_000)
    expect(server.polledAt).toHaveLength(1)
  })

  test('[case 4] network faults double the wait, and the login succeeds when the server is back', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(clock, [reset, reset, reset, pending, granted])
    expect(await run(server.dialect, clock)).toBe(token)
    expect(gaps(server.polledAt, startMs).map((gap) => Math.floor(gap / 1000))).toEqual([5, 10, 20, 40, 5])
  })

  test('[case 4] faults without end stop at the code’s life', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(
      clock,
      Array.from({ length: 100 }, () => reset),
    )
    await expect(run(server.dialect, clock)).rejects.toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
    expect(clock.monotonicMs() - startMs).toBe(600_000)
    for (const gap of gaps(server.polledAt, startMs)) expect(gap).toBeLessThan(61_000)
  })

  test('[case 5] 5xx on a poll is retried', async () => {
    const clock = fakeClock()
    const server = scripted(clock, [{ kind: 'unavailable', error: passing }, granted])
    expect(await run(server.dialect, clock)).toBe(token)
  })

  test('[case 5] 5xx on the first request is tried three times, then reported', async () => {
    const clock = fakeClock()
    const unavailable: StartOutcome = { kind: 'unavailable', error: passing }
    const server = scripted(clock, [], [unavailable, unavailable, unavailable])
    await expect(run(server.dialect, clock)).rejects.toBe(passing)
    expect(server.starts()).toBe(3)
  })

  test.each([
    ['denied', { kind: 'denied', details: {} } satisfies PollOutcome, 'ERR_ACCESS_DENIED'],
    ['expired', { kind: 'expired', details: {} } satisfies PollOutcome, 'ERR_DEVICE_CODE_EXPIRED'],
    ['an unknown refusal', new SesameError('ERR_REFUSED', 'FooBar'), 'ERR_REFUSED'],
  ])('[case 6] %s stops at once, without another request or another flow', async (_name, step, code) => {
    const clock = fakeClock()
    const server = scripted(clock, [pending, step])
    await expect(run(server.dialect, clock)).rejects.toMatchObject({ code })
    expect(server.polledAt).toHaveLength(2)
    expect(server.starts()).toBe(1)
  })

  test('[case 7] expires_in 3 ends at three seconds as expired, whatever is done to the wall clock', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const setBack = (): PollOutcome => {
      clock.setWallClock(new Date('2020-01-01'))
      return pending
    }
    const server = scripted(clock, [setBack], [started({ expiresInSeconds: 3, intervalSeconds: 1 })])
    await expect(run(server.dialect, clock)).rejects.toThrow(/expired/)
    expect(clock.monotonicMs() - startMs).toBe(3_000)
  })

  test('[case 18] an abort that comes with the approval leaves the token, one before it the reason', async () => {
    const clock = fakeClock()
    const late = new AbortController()
    const server = scripted(clock, [
      () => {
        late.abort(new Error('too late'))
        return granted
      },
    ])
    expect(await run(server.dialect, clock, late.signal)).toBe(token)
    const early = new AbortController()
    early.abort(new Error('given up'))
    await expect(run(scripted(clock, [granted]).dialect, clock, early.signal)).rejects.toThrow('given up')
  })

  test('[case 14] one verifier serves one login only', async () => {
    const clock = fakeClock()
    const server = scripted(clock, [pending, granted, granted])
    await run(server.dialect, clock)
    await run(server.dialect, clock)
    const verifiers = server.pairs.map(({ codeVerifier }) => codeVerifier.reveal())
    expect(new Set(verifiers).size).toBe(2)
    expect(verifiers.slice(0, 3).every((verifier) => verifier === verifiers[0])).toBe(true)
  })
})
