import { asRecord, asText, type ErrorCode, SesameError } from '../kit/index.ts'
import { foreignText } from './redaction/scrub.ts'
import type { JsonAnswer } from './request-json.ts'
import { isTransientStatus } from './transient.ts'

/** What a server says about a failure, whichever of its spellings it uses. */
export interface ServerErrorBody {
  serverCode: string | undefined
  serverMessage: string | undefined
  requestId: string | undefined
}

/**
 * Reads the error members of an answer: CloudSSO's `ErrorCode/ErrorMessage`, RPC's `Code/Message`, OAuth's
 * `error/error_description` (RFC 6749 section 5.2). Nothing is read from a body that is not a JSON object.
 */
export function readServerError(answer: JsonAnswer): ServerErrorBody {
  const body = asRecord(answer.body) ?? {}
  return {
    serverCode: firstText(body.ErrorCode, body.Code, body.error, body.code),
    serverMessage: firstText(body.ErrorMessage, body.Message, body.error_description, body.message),
    requestId: answer.requestId,
  }
}

/** An answer other than success as an error that names what failed, the status, the server's code and message. */
export function serverError(answer: JsonAnswer, what: string): SesameError {
  const { serverCode, serverMessage } = readServerError(answer)
  const said = [serverCode, serverMessage]
    .filter((part) => part !== undefined)
    .map((part) => foreignText(part, 200))
  const reason =
    said.length > 0 ? said.join(': ') : `status ${answer.status}${answer.isJson ? '' : ', no JSON'}`
  return new SesameError(codeOf(answer), `${what}: ${reason.replace(/\.$/, '')}.`, {
    serverCode: serverCode === undefined ? undefined : foreignText(serverCode, 100),
    requestId: answer.requestId,
    status: answer.status,
  })
}

/**
 * The error for an answer that is not the server's own, or that the server gave in trouble (`isTransientAnswer`): names host
 * and status. ERR_SERVER where the server itself says so, else ERR_RESPONSE_INVALID, whatever status a proxy or firewall gave it.
 */
export function unusableAnswer(answer: JsonAnswer, host: string): SesameError {
  const { status, isJson, requestId } = answer
  const { serverCode, serverMessage } = readServerError(answer)
  const said = [serverCode, serverMessage]
    .filter((part) => part !== undefined)
    .map((part) => `: ${foreignText(part, 200)}`)
  const what = `${host} answered with status ${status}${isJson ? '' : ' and no JSON'}${said.join('')}`
  return new SesameError(
    isJson || isTransientStatus(status) ? 'ERR_SERVER' : 'ERR_RESPONSE_INVALID',
    `${what.replace(/\.$/, '')}.`,
    { serverCode: serverCode === undefined ? undefined : foreignText(serverCode, 100), requestId, status },
  )
}

function codeOf({ status, isJson }: JsonAnswer): ErrorCode {
  if (status === 401) return 'ERR_UNAUTHORIZED'
  if (status === 403) return 'ERR_FORBIDDEN'
  if (isTransientStatus(status)) return 'ERR_SERVER'
  return status >= 400 && isJson ? 'ERR_REFUSED' : 'ERR_RESPONSE_INVALID'
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.map(asText).find((text) => text !== undefined)
}

/**
 * The headers that name a request to the server's support, most specific first: those of Alibaba Cloud's services, of its
 * gateways (Tengine, API Gateway), of other providers, and of what stands in front of them.
 */
export const requestIdHeaders = [
  'x-acs-request-id',
  'x-oss-request-id',
  'x-ca-request-id',
  'x-ms-request-id',
  'x-okta-request-id',
  'x-auth0-requestid',
  'x-request-id',
  'x-requestid',
  'request-id',
  'x-correlation-id',
  'x-amzn-requestid',
  'eagleeye-traceid',
  'eagleid',
  'x-trace-id',
  'cf-ray',
]

/** The RequestId of an answer's body, in the spellings of the CloudSSO portal, the OpenAPIs and OIDC providers. */
export function requestIdOfBody(body: unknown): string | undefined {
  const members = asRecord(body)
  return requestIdText(members?.RequestId ?? members?.requestId ?? members?.request_id)
}

/** A RequestId as it may be shown. */
export function requestIdText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? foreignText(value, 128) : undefined
}
