import { isTransient } from '../http/index.ts'
import {
  type Clock,
  expiryOf,
  type Lifetime,
  type Log,
  measureClock,
  type Secret,
  SesameError,
  t,
} from '../kit/index.ts'
import type { DeviceAuthorization } from './device-authorization.ts'
import type { DeviceFlowDialect, PollOutcome, ServerDetails } from './device-flow-dialect.ts'
import { createPkcePair, type PkcePair } from './pkce.ts'
import { PollRhythm } from './poll-rhythm.ts'
import type { TokenSet } from './token-set.ts'

/** A device authorization that waits for the user: all that this process, or a later one, needs to go on with it. */
export interface PendingAuthorization {
  authorization: DeviceAuthorization
  /** Of the challenge that it was begun with (RFC 7636). */
  codeVerifier: Secret
  /** When the device code expires, by the server's clock. */
  lifetime: Lifetime
  /** The same, monotonic. */
  deadlineMs: number
}

export interface DeviceFlowOptions {
  clock: Clock
  log: Log
  /** Aborting ends the wait or the request at once; the error is the signal's reason. */
  signal: AbortSignal
  /** One that was begun before; without it a new one is begun. */
  pending?: PendingAuthorization | undefined
  /** Ends the waits in place of `signal`, and no poll that is on the wire: its answer may be the tokens. */
  stop?: AbortSignal | undefined
  /** Shows the user where to go, and may keep what it is given. Called once, before the first wait. */
  onVerification: (pending: PendingAuthorization) => void | Promise<void>
  /** Called at each poll that was answered, and decided nothing. */
  onUndecided?: () => void
  /** Called once, at the first poll that brought no answer; the polls go on. */
  onUnanswered?: (failure: SesameError) => void
  /** Called once, when nothing was decided for a minute: some providers do not tell the client that the user denied. */
  onLongWait?: () => void
}

const requestTimeoutMs = 10_000
const startAttempts = 3
const longWaitMs = 60_000

/**
 * One device authorization (RFC 8628) from the first request to the tokens, whatever the dialect: shows the
 * code, waits before every poll, survives network faults until the code expires, stops at any final answer.
 * Errors: ERR_ACCESS_DENIED, ERR_DEVICE_CODE_EXPIRED, whatever the dialect refuses with, the signal's reason; where the server
 * could not be asked at the end, that failure (ERR_SERVER, ERR_RESPONSE_INVALID, network) with its status and RequestId.
 */
export async function runDeviceFlow(
  dialect: DeviceFlowDialect,
  options: DeviceFlowOptions,
): Promise<TokenSet> {
  const pending = options.pending ?? (await begin(dialect, options))
  const { authorization, codeVerifier, deadlineMs } = pending
  const { intervalSeconds } = authorization
  const leftMs = deadlineMs - options.clock.monotonicMs()
  options.log('sesame:device', `code valid for ${Math.round(leftMs / 1000)} s, interval ${intervalSeconds} s`)
  await options.onVerification(pending)
  const redeem: Redeem = (limits) => dialect.redeemDeviceCode(authorization, codeVerifier, limits)
  return pollUntil(deadlineMs, redeem, { ...options, intervalSeconds })
}

async function begin(dialect: DeviceFlowDialect, options: DeviceFlowOptions): Promise<PendingAuthorization> {
  const { clock } = options
  const pkce = createPkcePair()
  const startedMs = clock.monotonicMs()
  const authorization = await startAuthorization(dialect, pkce, options)
  const { serverDate, expiresInSeconds } = authorization
  const now = clock.now()
  const obtainedAt = serverDate ?? now
  const reading = measureClock(serverDate, now, clock.bootedAt())
  const lifetime = { obtainedAt, expiresAt: expiryOf(obtainedAt, expiresInSeconds), clock: reading }
  const deadlineMs = startedMs + expiresInSeconds * 1000
  return { authorization, codeVerifier: pkce.codeVerifier, lifetime, deadlineMs }
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
  {
    clock,
    log,
    signal,
    stop = signal,
    intervalSeconds,
    ...news
  }: DeviceFlowOptions & { intervalSeconds: number },
): Promise<TokenSet> {
  const longWaitAtMs = clock.monotonicMs() + longWaitMs
  const rhythm = new PollRhythm(intervalSeconds * 1000)
  const course = new Course(news)
  for (;;) {
    const leftMs = deadlineMs - clock.monotonicMs()
    const pauseMs = rhythm.pauseMs(leftMs)
    await clock.sleep(pauseMs ?? leftMs, stop)
    if (pauseMs === undefined) throw course.failure === undefined ? expired() : unanswered(course.failure)

    const timeoutMs = Math.min(requestTimeoutMs, Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs())))
    const outcome = await poll(redeem, { signal, timeoutMs })
    log(
      'sesame:device',
      `poll: ${outcome.kind}${outcome.kind === 'unavailable' ? ` (${outcome.error.message})` : ''}`,
    )
    switch (outcome.kind) {
      case 'granted':
        return outcome.token
      case 'denied':
        throw new SesameError(
          'ERR_ACCESS_DENIED',
          t('The sign-in was denied in the browser.'),
          outcome.details,
        )
      case 'expired':
        throw expired(
          outcome.details,
          t('The server no longer knows the sign-in code: it expired, or was used already.'),
        )
      case 'unavailable':
        course.unanswered(outcome.error, timeoutMs < requestTimeoutMs)
        break
      case 'pending':
      case 'slow-down':
        course.answered(clock.monotonicMs() >= longWaitAtMs)
        news.onUndecided?.()
        break
      default:
        outcome satisfies never
    }
    rhythm.answered(outcome)
  }
}

/** How the wait goes: what the last poll met, and what was said of it, each but once. */
class Course {
  /** Of the last poll, if it brought no answer. */
  failure: SesameError | undefined
  #saidUnanswered = false
  #saidLongWait = false
  readonly #news: Pick<DeviceFlowOptions, 'onUnanswered' | 'onLongWait'>

  constructor(news: Pick<DeviceFlowOptions, 'onUnanswered' | 'onLongWait'>) {
    this.#news = news
  }

  answered(isLong: boolean): void {
    this.failure = undefined
    if (isLong && !this.#saidLongWait) this.#news.onLongWait?.()
    this.#saidLongWait ||= isLong
  }

  unanswered(error: SesameError, isCutShort: boolean): void {
    // With less than its time before the end of the code, a poll says nothing about the server.
    if (error.code === 'ERR_TIMEOUT' && isCutShort) return
    this.failure = error
    if (!this.#saidUnanswered) this.#news.onUnanswered?.(error)
    this.#saidUnanswered = true
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
  message = t('The sign-in code expired before it was approved.'),
): SesameError {
  return new SesameError('ERR_DEVICE_CODE_EXPIRED', message, details)
}

/** No poll was answered at the end: what the last one met is said, since approving sooner would not have helped. */
function unanswered({ code, message, serverCode, requestId, status, hint }: SesameError): SesameError {
  return new SesameError(
    code,
    t('The sign-in code expired without an answer of the server: {message}', { message }),
    {
      serverCode,
      requestId,
      status,
      hint:
        hint ?? t('Check the network (proxy, firewall, captive portal), then run the same command again.'),
    },
  )
}
