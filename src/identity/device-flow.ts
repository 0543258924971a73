import { isTransient } from '../http/index.ts'
import { type Clock, type Log, SesameError } from '../kit/index.ts'
import type { DeviceAuthorization } from './device-authorization.ts'
import type { DeviceFlowDialect, PollOutcome, ServerDetails } from './device-flow-dialect.ts'
import { createPkcePair, type PkcePair } from './pkce.ts'
import type { TokenSet } from './token-set.ts'

export interface DeviceFlowOptions {
  clock: Clock
  log: Log
  /** Aborting ends the wait or the request at once; the error is the signal's reason. */
  signal: AbortSignal
  /** Shows the user where to go. Called once, before the first wait; `deadlineMs` is monotonic. */
  onVerification: (authorization: DeviceAuthorization, deadlineMs: number) => void | Promise<void>
}

/** RFC 8628 section 3.5: `slow_down` adds five seconds to this and all later waits. */
const slowDownSeconds = 5
/** Servers that round to whole seconds see a poll at exactly the interval as too early. */
const intervalSlackMs = 100
const longestBackoffMs = 60_000
const requestTimeoutMs = 10_000
const startAttempts = 3

/**
 * One device authorization (RFC 8628) from the first request to the tokens, whatever the dialect: shows the
 * code, waits before every poll, survives network faults until the code expires, stops at any final answer.
 * Errors: ERR_ACCESS_DENIED, ERR_DEVICE_CODE_EXPIRED, whatever the dialect refuses with, the signal's reason.
 */
export async function runDeviceFlow(
  dialect: DeviceFlowDialect,
  options: DeviceFlowOptions,
): Promise<TokenSet> {
  const pkce = createPkcePair()
  const startedMs = options.clock.monotonicMs()
  const authorization = await startAuthorization(dialect, pkce, options)
  const deadlineMs = startedMs + authorization.expiresInSeconds * 1000
  options.log(
    'sesame:device',
    `code valid for ${authorization.expiresInSeconds} s, interval ${authorization.intervalSeconds} s`,
  )
  await options.onVerification(authorization, deadlineMs)
  return pollUntil(deadlineMs, (limits) => dialect.redeemDeviceCode(authorization, pkce, limits), {
    ...options,
    intervalSeconds: authorization.intervalSeconds,
  })
}

async function startAuthorization(
  dialect: DeviceFlowDialect,
  pkce: PkcePair,
  { clock, log, signal }: DeviceFlowOptions,
): Promise<DeviceAuthorization> {
  for (let attempt = 1; ; attempt++) {
    const started = await dialect.startDeviceAuthorization(pkce, { signal, timeoutMs: requestTimeoutMs })
    if (started.kind === 'started') return started.authorization
    if (attempt === startAttempts) throw started.error
    const waitMs = Math.min(started.retryAfterMs ?? 1000 * 2 ** (attempt - 1), requestTimeoutMs)
    log(
      'sesame:device',
      `device authorization failed (${started.error.message}), trying again in ${waitMs} ms`,
    )
    await clock.sleep(waitMs, signal)
  }
}

type Redeem = (limits: { signal: AbortSignal; timeoutMs: number }) => Promise<PollOutcome>

async function pollUntil(
  deadlineMs: number,
  redeem: Redeem,
  { clock, log, signal, intervalSeconds }: DeviceFlowOptions & { intervalSeconds: number },
): Promise<TokenSet> {
  let intervalMs = intervalSeconds * 1000
  let waitMs = intervalMs
  let failures = 0
  for (;;) {
    const leftMs = deadlineMs - clock.monotonicMs()
    await clock.sleep(Math.min(waitMs + intervalSlackMs, leftMs), signal)
    if (waitMs + intervalSlackMs >= leftMs) throw expired()

    const timeoutMs = Math.min(requestTimeoutMs, Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs())))
    const outcome = await poll(redeem, { signal, timeoutMs })
    log(
      'sesame:device',
      `poll: ${outcome.kind}${outcome.kind === 'unavailable' ? ` (${outcome.error.message})` : ''}`,
    )
    failures = outcome.kind === 'unavailable' ? failures + 1 : 0
    switch (outcome.kind) {
      case 'granted':
        return outcome.token
      case 'pending':
        waitMs = Math.max(intervalMs, outcome.retryAfterMs ?? 0)
        break
      case 'slow-down':
        intervalMs += slowDownSeconds * 1000
        waitMs = Math.max(intervalMs, outcome.retryAfterMs ?? 0)
        break
      case 'unavailable':
        // RFC 8628 section 3.5: on a connection timeout the client must poll less often; doubling is advised.
        waitMs = Math.max(
          Math.min(intervalMs * 2 ** failures, Math.max(longestBackoffMs, intervalMs)),
          outcome.retryAfterMs ?? 0,
        )
        break
      case 'denied':
        throw new SesameError('ERR_ACCESS_DENIED', 'The sign-in was denied in the browser.', outcome.details)
      case 'expired':
        throw expired(
          outcome.details,
          'The server no longer knows the sign-in code: it expired, or was used already.',
        )
      default:
        outcome satisfies never
    }
  }
}

/** Network faults are survived until the code expires (RFC 8628 section 3.5), so here they become a value. */
async function poll(redeem: Redeem, limits: Parameters<Redeem>[0]): Promise<PollOutcome> {
  try {
    return await redeem(limits)
  } catch (error) {
    if (limits.signal.aborted) throw limits.signal.reason
    if (isTransient(error)) return { kind: 'unavailable', error }
    throw error
  }
}

function expired(
  details: ServerDetails = {},
  message = 'The sign-in code expired before it was approved.',
): SesameError {
  return new SesameError('ERR_DEVICE_CODE_EXPIRED', message, details)
}
