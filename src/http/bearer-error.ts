import { type ErrorCode, SesameError } from '../kit/index.ts'
import type { JsonAnswer } from './request-json.ts'
import { readServerError, serverError } from './server-error.ts'
import { isTransientStatus } from './transient.ts'

/** `InvalidAccessToken`, `TokenExpired`, `invalid_token`, `Session.Timeout`, `Unauthorized`; not a token of a list's next page. */
const ofToken =
  /(?<!next[-_. ]?|page[-_. ]?)token|bearer|session[-_. ]?(?!duration|name)|unauthori[sz]ed$|unauthenticated|notlogged/i
/** `Forbidden`, `NoPermission`, `AccessDenied.Account`. */
const ofPermission = /forbidden|nopermission|accessdenied|access_denied|notauthori[sz]ed/i

/**
 * The error for an answer to a request with an access token. What the code says counts, and the status only where there is
 * none: servers say 400, 401 and 403 for a token that is no longer accepted. ERR_UNAUTHORIZED when a new sign-in helps,
 * ERR_FORBIDDEN when another choice may; otherwise as `serverError`.
 */
export function bearerError(answer: JsonAnswer, what: string): SesameError {
  const { code, message, hint, serverCode, requestId, status } = serverError(answer, what)
  return new SesameError(codeOf(answer) ?? code, message, {
    serverCode,
    requestId,
    status,
    ...(hint !== undefined && { hint }),
  })
}

function codeOf(answer: JsonAnswer): ErrorCode | undefined {
  const { serverCode } = readServerError(answer)
  if (serverCode === undefined) return undefined
  if (/^throttling/i.test(serverCode)) return 'ERR_SERVER'
  if (ofToken.test(serverCode) && !/^invalid[-_. ]?parameter/i.test(serverCode)) return 'ERR_UNAUTHORIZED'
  if (isTransientStatus(answer.status)) return 'ERR_SERVER'
  return ofPermission.test(serverCode) ? 'ERR_FORBIDDEN' : undefined
}
