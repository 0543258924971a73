import type { RecordedRequest } from '../http/recorded-request.ts'
import type { CloudSsoSettings } from './options.ts'
import { makeDeviceCode, makeUserCode } from './secrets.ts'
import type { Violation } from './violations.ts'

/** One device authorization, from its request to its redemption. Times are monotonic milliseconds. */
export interface DeviceGrant {
  deviceCode: string
  userCode: string
  codeChallenge: string
  /** Shown to the person who is asked to approve. */
  askedBy: { clientId: string; address: string; userAgent: string; at: Date }
  state: 'pending' | 'approved' | 'denied' | 'closed'
  /** True once the client has received an answer that ends the login. */
  endDelivered: boolean
  expiresAtMs: number
  requiredIntervalMs: number
  lastAnswerAtMs: number
  pollsUnanswered: number
  pendingAnswers: number
}

export type DeviceCodes = ReturnType<typeof createDeviceCodes>

/** The portal's table of device codes, and its watch over how often they are polled. */
export function createDeviceCodes(settings: CloudSsoSettings, violations: Violation[]) {
  const byDeviceCode = new Map<string, DeviceGrant>()
  const byRequest = new WeakMap<RecordedRequest, DeviceGrant>()
  const tooSoon = new WeakSet<RecordedRequest>()
  const challenges = new Set<string>()

  const findByUserCode = (typed: string): DeviceGrant | undefined => {
    const letters = typed.toUpperCase().replace(/[^A-Z]/g, '')
    return [...byDeviceCode.values()].find((grant) => grant.userCode.replace('-', '') === letters)
  }

  return {
    issue(codeChallenge: string, clientId: string, request: RecordedRequest): DeviceGrant {
      if (challenges.has(codeChallenge)) violations.push({ kind: 'challenge-reused', atMs: request.atMs })
      challenges.add(codeChallenge)
      let userCode = makeUserCode()
      while (findByUserCode(userCode)) userCode = makeUserCode()
      const nowMs = performance.now()
      const grant: DeviceGrant = {
        deviceCode: makeDeviceCode(),
        userCode,
        codeChallenge,
        askedBy: {
          clientId,
          address: request.remoteAddress,
          userAgent: request.headers['user-agent'] ?? 'not given',
          at: new Date(Date.now() + settings.dateOffsetSeconds * 1000),
        },
        state: settings.approve === 'auto' ? 'approved' : settings.approve === 'deny' ? 'denied' : 'pending',
        endDelivered: false,
        expiresAtMs: nowMs + settings.deviceCodeSeconds * 1000,
        requiredIntervalMs: settings.intervalSeconds * 1000,
        lastAnswerAtMs: nowMs,
        pollsUnanswered: 0,
        pendingAnswers: 0,
      }
      byDeviceCode.set(grant.deviceCode, grant)
      byRequest.set(request, grant)
      return grant
    },

    find: (deviceCode: string) => byDeviceCode.get(deviceCode),
    findByUserCode,
    all: () => [...byDeviceCode.values()],
    isExpired: (grant: DeviceGrant) => performance.now() >= grant.expiresAtMs,
    /** Whether this poll came before its time. */
    wasTooSoon: (request: RecordedRequest) => tooSoon.has(request),

    /** Watches each poll as it arrives, also those that a fault will answer. */
    polled(request: RecordedRequest): void {
      const grant = byDeviceCode.get(deviceCodeOf(request))
      if (grant === undefined) return
      const { userCode, requiredIntervalMs } = grant
      const { atMs } = request
      if (grant.endDelivered) violations.push({ kind: 'poll-after-final-answer', userCode, atMs })
      const waitedMs = grant.pollsUnanswered > 0 ? 0 : atMs - grant.lastAnswerAtMs
      if (!grant.endDelivered && waitedMs < requiredIntervalMs) {
        violations.push({ kind: 'poll-too-soon', userCode, waitedMs, requiredMs: requiredIntervalMs, atMs })
        tooSoon.add(request)
      }
      grant.pollsUnanswered += 1
      byRequest.set(request, grant)
    },

    /** The wait for the next poll begins when the answer has left, or its connection is gone. */
    answered(request: RecordedRequest, delivered: boolean): void {
      const grant = byRequest.get(request)
      if (grant === undefined) return
      grant.pollsUnanswered = Math.max(0, grant.pollsUnanswered - 1)
      grant.lastAnswerAtMs = request.answeredAtMs ?? performance.now()
      if (delivered && grant.state === 'closed') grant.endDelivered = true
    },
  }
}

function deviceCodeOf(request: RecordedRequest): string {
  const body = request.body
  if (typeof body !== 'object' || body === null || !('DeviceCode' in body)) return ''
  return typeof body.DeviceCode === 'string' ? body.DeviceCode : ''
}
