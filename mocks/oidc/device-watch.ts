import type { RecordedRequest } from '../http/recorded-request.ts'
import { deviceGrantType } from './device-pkce.ts'
import { formOf } from './secrets.ts'
import type { OidcViolation } from './violations.ts'

/** One device code as its polls are watched. Times are monotonic milliseconds. */
export interface WatchedCode {
  deviceCode: string
  userCode: string
  requiredIntervalMs: number
  lastAnswerAtMs: number
  pollsUnanswered: number
  pendingAnswers: number
  /** The provider has given an answer that ends the sign-in. */
  final: boolean
  /** That answer has reached the client. */
  endDelivered: boolean
}

export type DeviceWatch = ReturnType<typeof createDeviceWatch>

/** Watches how often device codes are polled, which neither provider below does itself. */
export function createDeviceWatch(violations: OidcViolation[]) {
  const codes = new Map<string, WatchedCode>()
  const byRequest = new WeakMap<RecordedRequest, WatchedCode>()
  const tooSoon = new WeakSet<RecordedRequest>()

  const find = (request: RecordedRequest): WatchedCode | undefined => {
    const form = formOf(request)
    return form.grant_type === deviceGrantType ? codes.get(form.device_code ?? '') : undefined
  }

  return {
    find,
    all: () => [...codes.values()],
    /** Whether this poll came before its time. */
    wasTooSoon: (request: RecordedRequest) => tooSoon.has(request),

    /** A device code is on its way to the client. */
    add(request: RecordedRequest, deviceCode: string, userCode: string, intervalSeconds: number): void {
      const code: WatchedCode = {
        deviceCode,
        userCode,
        requiredIntervalMs: intervalSeconds * 1000,
        lastAnswerAtMs: performance.now(),
        pollsUnanswered: 0,
        pendingAnswers: 0,
        final: false,
        endDelivered: false,
      }
      codes.set(deviceCode, code)
      byRequest.set(request, code)
    },

    /** Watches each poll as it arrives, also those that a fault will answer. */
    polled(request: RecordedRequest): void {
      const code = find(request)
      if (code === undefined) return
      const { atMs } = request
      const { userCode, requiredIntervalMs: requiredMs } = code
      const waitedMs = code.pollsUnanswered > 0 ? 0 : atMs - code.lastAnswerAtMs
      if (code.endDelivered)
        violations.push({ kind: 'request-after-final-answer', what: 'device code', atMs })
      else if (waitedMs < requiredMs) {
        violations.push({ kind: 'poll-too-soon', userCode, waitedMs, requiredMs, atMs })
        tooSoon.add(request)
      }
      code.pollsUnanswered += 1
      byRequest.set(request, code)
    },

    /** The wait for the next poll begins when the answer has left, or its connection is gone. */
    answered(request: RecordedRequest, delivered: boolean): void {
      const code = byRequest.get(request)
      if (code === undefined) return
      code.pollsUnanswered = Math.max(0, code.pollsUnanswered - 1)
      code.lastAnswerAtMs = request.answeredAtMs ?? performance.now()
      if (delivered && code.final) code.endDelivered = true
    },
  }
}
