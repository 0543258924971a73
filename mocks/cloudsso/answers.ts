import { randomUUID } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply, ReplyHeaders } from '../http/reply.ts'
import type { Handler } from '../http-server.ts'
import { Refusal } from './refusal.ts'
import { randomText } from './secrets.ts'
import type { Violation } from './violations.ts'

/** Refusals that are nothing unusual for a correct client; every other one is a violation. */
const expectedRefusals = new Set([
  'AuthorizationPending',
  'SlowDown',
  'AccessDenied',
  'InvalidDeviceCodeError',
  'InvalidAccessToken',
  'Forbidden',
  'EntityNotExists.Portal',
])

/** Gives a call of the portal its envelope: members in alphabetical order, RequestId, error bodies. */
export function enveloped(call: (request: RecordedRequest) => object, violations: Violation[]): Handler {
  return (request) => {
    try {
      return { status: 200, body: sorted({ ...call(request), RequestId: randomUUID() }) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!expectedRefusals.has(error.errorCode)) {
        const detail = `${error.errorCode}: ${error.message}`
        violations.push({ kind: 'invalid-request', path: request.path, detail, atMs: request.atMs })
      }
      return refusalReply(error)
    }
  }
}

export function refusalReply(refusal: Refusal): Reply {
  const body = { ErrorCode: refusal.errorCode, ErrorMessage: refusal.message, RequestId: randomUUID() }
  return { status: refusal.status, body }
}

/** What the real front end sends with every answer. */
export function portalHeaders(dateOffsetSeconds: number): ReplyHeaders {
  return {
    date: new Date(Date.now() + dateOffsetSeconds * 1000).toUTCString(),
    server: 'Tengine',
    'set-cookie': `JSESSIONID=${randomText(32, '0123456789ABCDEF')}; Path=/; HttpOnly`,
    'strict-transport-security': 'max-age=0',
  }
}

function sorted(body: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)))
}
