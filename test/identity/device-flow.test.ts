import { describe, expect, test } from 'vitest'
import type { DeviceAuthorization } from '../../src/identity/device-authorization.ts'
import { runDeviceFlow } from '../../src/identity/device-flow.ts'
import type { DeviceFlowDialect, PollOutcome, StartOutcome } from '../../src/identity/device-flow-dialect.ts'
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
  const verifiers: string[] = []
  let startCount = 0
  const dialect: DeviceFlowDialect = {
    async startDeviceAuthorization({ codeVerifier }) {
      verifiers.push(codeVerifier.reveal())
      const start = starts[startCount++] ?? { kind: 'started' as const, authorization: authorization() }
      if (start instanceof Error) throw start
      return start
    },
    async redeemDeviceCode(_authorization, codeVerifier) {
      verifiers.push(codeVerifier.reveal())
      const step = steps[polledAt.length] ?? pending
      polledAt.push(clock.monotonicMs())
      if (step instanceof Error) throw step
      return typeof step === 'function' ? step(clock) : step
    },
  }
  return { dialect, polledAt, verifiers, starts: () => startCount }
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
    await expect(run(server.dialect, clock)).rejects.toMatchObject({ code: 'ERR_NETWORK' })
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
    const { verifiers } = server
    expect(new Set(verifiers).size).toBe(2)
    expect(verifiers.slice(0, 3).every((verifier) => verifier === verifiers[0])).toBe(true)
  })
})

describe('a code that is about to expire', () => {
  const times = (instants: readonly number[], from: number) => instants.map((each) => (each - from) / 1000)

  test.each([
    ['as long as the code', 600, 600],
    ['longer than the code', 600, 3600],
    ['a little shorter than the code', 600, 599.95],
    ['of a code of three seconds', 3, 5],
    ['of a code of one second', 1, 5],
  ])(
    '[case 141] an interval %s leaves one poll before the end',
    async (_, expiresInSeconds, intervalSeconds) => {
      const clock = fakeClock()
      const startMs = clock.monotonicMs()
      const server = scripted(clock, [granted], [started({ expiresInSeconds, intervalSeconds })])
      expect(await run(server.dialect, clock)).toBe(token)
      const [at = 0] = times(server.polledAt, startMs)
      expect(at).toBeLessThanOrEqual(expiresInSeconds - Math.min(3, expiresInSeconds / 2))
      expect(at).toBeGreaterThanOrEqual(expiresInSeconds / 2)
    },
  )

  test('[case 141] without an approval that is the only poll, and the end is the end of the code', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(clock, [], [started({ expiresInSeconds: 60, intervalSeconds: 60 })])
    await expect(run(server.dialect, clock)).rejects.toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
    expect(times(server.polledAt, startMs)).toEqual([57])
    expect(clock.monotonicMs() - startMs).toBe(60_000)
  })

  test('[case 141] an interval that slow_down made too long is cut short once, at the end', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const steps = Array.from({ length: 20 }, () => slowDown)
    const server = scripted(clock, steps, [started({ expiresInSeconds: 60 })])
    await expect(run(server.dialect, clock)).rejects.toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
    expect(times(server.polledAt, startMs).map(Math.round)).toEqual([5, 15, 30, 50, 57])
  })

  test('[case 141] so is a wait that grew with failures', async () => {
    const clock = fakeClock()
    const steps = [reset, reset, reset, granted]
    const server = scripted(clock, steps, [started({ expiresInSeconds: 60 })])
    expect(await run(server.dialect, clock)).toBe(token)
  })

  test('[case 141] a long interval does not lose who approves after the last whole one', async () => {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const limits = { expiresInSeconds: 600, intervalSeconds: 400 }
    const server = scripted(clock, [pending, granted], [started(limits)])
    expect(await run(server.dialect, clock)).toBe(token)
    expect(times(server.polledAt, startMs).map(Math.round)).toEqual([400, 597])
  })

  test('[case 141] no poll comes sooner than five seconds, or the interval, after the one before', async () => {
    for (const intervalSeconds of [1, 5, 7, 30])
      for (let expiresInSeconds = 1; expiresInSeconds < 80; expiresInSeconds++) {
        const clock = fakeClock()
        const server = scripted(clock, [], [started({ expiresInSeconds, intervalSeconds })])
        await expect(run(server.dialect, clock)).rejects.toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
        expect(server.polledAt.length).toBeGreaterThan(0)
        const between = gaps(server.polledAt.slice(1), server.polledAt[0] ?? 0)
        for (const gap of between) expect(gap).toBeGreaterThan(Math.min(intervalSeconds, 5) * 1000)
      }
  })

  test('[case 141] what is shown takes so long that nothing is left: expired, without a poll that cannot end', async () => {
    const clock = fakeClock()
    const server = scripted(clock, [granted], [started({ expiresInSeconds: 5 })])
    const flow = runDeviceFlow(server.dialect, {
      clock,
      log: silentLog,
      signal: new AbortController().signal,
      onVerification: () => clock.advance(6_000),
    })
    await expect(flow).rejects.toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
    expect(server.polledAt).toEqual([])
  })
})

describe('while it waits', () => {
  const gateway = new SesameError('ERR_SERVER', 'signin.example answered with status 504 and no JSON.', {
    status: 504,
    requestId: 'REQUEST-OF-504',
  })
  const unavailable: PollOutcome = { kind: 'unavailable', error: gateway }

  async function watch(steps: readonly Step[], limits: Parameters<typeof authorization>[0] = {}) {
    const clock = fakeClock()
    const startMs = clock.monotonicMs()
    const server = scripted(clock, steps, [started(limits)])
    const said: [string, number][] = []
    const at = () => Math.round((clock.monotonicMs() - startMs) / 1000)
    const end = await runDeviceFlow(server.dialect, {
      clock,
      log: silentLog,
      signal: new AbortController().signal,
      onVerification: () => {},
      onUnanswered: ({ message }) => said.push([message, at()]),
      onLongWait: () => said.push(['long', at()]),
    }).catch((error: unknown) => error)
    return { said, end }
  }
  const always = (step: Step) => Array.from({ length: 200 }, () => step)

  test('[case 140] [case 209] polls without an answer: said at the first, and the last is how it ends', async () => {
    const last: PollOutcome = { kind: 'unavailable', error: passing }
    const { said, end } = await watch([last, ...always(unavailable)])
    expect(said).toEqual([['status 503', 5]])
    expect(end).toMatchObject({
      code: 'ERR_SERVER',
      status: 504,
      requestId: 'REQUEST-OF-504',
      message: expect.stringContaining('signin.example answered with status 504'),
      hint: expect.stringContaining('proxy'),
    })
  })

  test('[case 140] a server that answers again is no failure: the code expired', async () => {
    const { said, end } = await watch([unavailable, ...always(pending)])
    expect(said[0]?.[0]).toBe(gateway.message)
    expect(end).toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
  })

  test('[case 140] one that is gone at the end is', async () => {
    const { end } = await watch([pending, pending, ...always(reset)])
    expect(end).toMatchObject({ code: 'ERR_NETWORK', message: expect.stringContaining('connection reset') })
  })

  test('[case 140] a last poll that had too little time says nothing about the server', async () => {
    const late = new SesameError('ERR_TIMEOUT', 'No complete answer within 3 s.')
    const { said, end } = await watch([pending, late], { expiresInSeconds: 600, intervalSeconds: 400 })
    expect(end).toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
    expect(said.filter(([what]) => what !== 'long')).toEqual([])
  })

  test('[case 213] a provider that never says more than pending: after a minute it is said once', async () => {
    const { said, end } = await watch(always(pending))
    expect(said).toEqual([['long', 61]])
    expect(end).toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
  })

  test('[case 213] an approval within a minute is not commented on', async () => {
    expect((await watch([pending, slowDown, pending, granted])).said).toEqual([])
  })
})
