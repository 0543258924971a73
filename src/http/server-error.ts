import { type ErrorCode, type FixedText, SesameError, t } from '../kit/index.ts'
import { explainDenial } from './access-denied.ts'
import { plain, readServerError } from './error-members.ts'
import { foreignText } from './redaction/scrub.ts'
import type { JsonAnswer } from './request-json.ts'
import { isTransientStatus } from './retry.ts'

/** True for a transient status, and for a page of something in between that is no answer of the server (proxy, captive portal). */
export function isTransientAnswer(answer: JsonAnswer): boolean {
  return isTransientStatus(answer.status) || !isOwnAnswer(answer)
}

/** JSON, or an error in XML: what a page of something in between is not. */
function isOwnAnswer(answer: JsonAnswer): boolean {
  return answer.isJson || readServerError(answer).serverCode !== undefined
}

/** RFC 6585 section 6: never of the server itself. */
const captivePortal: FixedText =
  'The network wants a sign-in of its own (HTTP 511): open any page in a browser, then run the same command again.'

/**
 * An answer other than success as an error that names what failed, the status, the server's code and message. `what` is in the
 * user's language; the server's words stay as they are.
 */
export function serverError(answer: JsonAnswer, what: string): SesameError {
  const { serverCode, serverMessage } = readServerError(answer)
  const said = [serverCode, serverMessage]
    .filter((part) => part !== undefined)
    .map((part) => foreignText(part, 200))
  const reason = said.length > 0 ? said.join(': ').replace(/[.。]$/, '') : statusInWords(answer)
  const hint = answer.status === 511 ? t(captivePortal) : explainDenial(answer.body)
  return new SesameError(codeOf(answer, serverCode), t('{what}: {reason}.', { what, reason }), {
    serverCode: serverCode === undefined ? undefined : foreignText(serverCode, 100),
    requestId: answer.requestId,
    status: answer.status,
    ...(hint !== undefined && { hint }),
  })
}

function statusInWords({ status, isJson }: JsonAnswer): string {
  return isJson ? t('status {status}', { status }) : t('status {status}, no JSON', { status })
}

/**
 * The error for an answer that is not the server's own, or that the server gave in trouble (`isTransientAnswer`): names host
 * and status. ERR_SERVER where the server itself says so, else ERR_RESPONSE_INVALID, whatever status a proxy or firewall gave it.
 */
export function unusableAnswer(answer: JsonAnswer, host: string): SesameError {
  const { status, requestId } = answer
  const isOwn = isOwnAnswer(answer)
  const { serverCode, serverMessage } = readServerError(answer)
  const said = [serverCode, serverMessage]
    .filter((part) => part !== undefined)
    .map((part) => foreignText(part, 200))
  const what = isOwn
    ? t('{host} answered with status {status}', { host, status })
    : t('{host} answered with status {status} and no JSON', { host, status })
  const reason = said.join(': ').replace(/[.。]$/, '')
  return new SesameError(
    isOwn || isTransientStatus(status) ? 'ERR_SERVER' : 'ERR_RESPONSE_INVALID',
    reason === '' ? t('{text}.', { text: what }) : t('{what}: {reason}.', { what, reason }),
    {
      serverCode: serverCode === undefined ? undefined : foreignText(serverCode, 100),
      requestId,
      status,
      ...(status === 511 && { hint: t(captivePortal) }),
    },
  )
}

function codeOf(answer: JsonAnswer, serverCode: string | undefined): ErrorCode {
  const { status, isPage } = answer
  if (status === 200 && serverCode !== undefined) return meaningOf(serverCode)
  if (status === 401 && !isPage) return 'ERR_UNAUTHORIZED'
  if (status === 403 && !isPage) return 'ERR_FORBIDDEN'
  if (isTransientStatus(status)) return 'ERR_SERVER'
  return status >= 400 && isOwnAnswer(answer) ? 'ERR_REFUSED' : 'ERR_RESPONSE_INVALID'
}

/** What the code alone says, where the status says that all is well. */
function meaningOf(serverCode: string): ErrorCode {
  const code = plain(serverCode)
  if (/^(?:401|unauthori[sz]ed|(?:invalid|expired)(?:access)?token)/.test(code)) return 'ERR_UNAUTHORIZED'
  if (/^(?:403|forbidden|nopermission|accessdenied)/.test(code)) return 'ERR_FORBIDDEN'
  const passes =
    /^(?:429|5\d\d$|throttling|serviceunavailable|internal|server(?:error|busy)|temporarilyunavailable)/
  return passes.test(code) ? 'ERR_SERVER' : 'ERR_REFUSED'
}

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
  return new SesameError(bearerCodeOf(answer) ?? code, message, {
    serverCode,
    requestId,
    status,
    ...(hint !== undefined && { hint }),
  })
}

function bearerCodeOf(answer: JsonAnswer): ErrorCode | undefined {
  const { serverCode } = readServerError(answer)
  if (serverCode === undefined) return undefined
  if (/^throttling/i.test(serverCode)) return 'ERR_SERVER'
  if (ofToken.test(serverCode) && !/^invalid[-_. ]?parameter/i.test(serverCode)) return 'ERR_UNAUTHORIZED'
  if (isTransientStatus(answer.status)) return 'ERR_SERVER'
  return ofPermission.test(serverCode) ? 'ERR_FORBIDDEN' : undefined
}
