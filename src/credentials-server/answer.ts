import { printable } from '../kit/index.ts'
import type { ServedCredentials } from './credentials-source.ts'
import type { RequestRefusal } from './request-check.ts'

/** One answer, whole before a byte of it is sent. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

const always = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  // Should a page ever get this far, a browser takes the answer for nothing but foreign data.
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/**
 * What the credentials-URI clients of Alibaba Cloud read: all of them want 200, some `Code` "Success", all an
 * `Expiration` spelled `…Z`. When a person is needed they get 503, never the old credentials: they would use them.
 */
export function credentialsAnswer(served: ServedCredentials): Answer {
  if (served.kind === 'login-required') return failure(503, 'LoginRequired', served.hint)
  if (served.kind === 'unavailable') return failure(503, 'ServiceUnavailable', served.message)
  const { accessKeyId, accessKeySecret, securityToken, expiration } = served.values
  return {
    status: 200,
    headers: always,
    body: JSON.stringify({
      Code: 'Success',
      AccessKeyId: accessKeyId,
      AccessKeySecret: accessKeySecret,
      SecurityToken: securityToken,
      Expiration: expiration,
    }),
  }
}

/** Says nothing about the request: the SDKs put the whole body into their exceptions. */
export function refusalAnswer({ status, code, message }: RequestRefusal): Answer {
  const answer = failure(status, code, message)
  return status === 405 ? { ...answer, headers: { ...answer.headers, Allow: 'GET' } } : answer
}

/** A connection on which something was refused may hold more of it, so it ends with the answer. */
function failure(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { ...always, Connection: 'close' },
    body: JSON.stringify({ Code: code, Message: printable(message) }),
  }
}
