import { asRecord } from '../kit/index.ts'
import { foreignText } from './redaction/scrub.ts'

/** The headers that name a request to the server's support, most specific first. */
export const requestIdHeaders = ['x-acs-request-id', 'x-oss-request-id', 'x-request-id']

/** The RequestId of an answer's body, in the spellings of the CloudSSO portal, the OpenAPIs and OIDC providers. */
export function requestIdOfBody(body: unknown): string | undefined {
  const members = asRecord(body)
  return requestIdText(members?.RequestId ?? members?.requestId ?? members?.request_id)
}

/** A RequestId as it may be shown. */
export function requestIdText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? foreignText(value, 128) : undefined
}
