import { foreignText, isTransientStatus, type JsonAnswer, readServerError } from '../../http/index.ts'
import { asRecord, type ErrorCode, type FixedText, SesameError, t } from '../../kit/index.ts'

/** The two calls of the interface. */
export type IdaasCall = 'retrieve' | 'refresh'

/** The members that carry tokens, unchecked. */
export interface WireTokens {
  idToken: unknown
  refreshToken: unknown
}

/**
 * Reads the envelope `{success, code, message, data}`. Success is status 200, `success` true and `code` 200 (text or
 * number, or absent); the tokens are taken from `data`, or from beside it, where the documentation's table has them.
 * Errors: ERR_SERVER for a fault that may pass (5xx or 429, as status or as `code`), ERR_REFUSED or ERR_UNAUTHORIZED for
 * a refusal (see `request-tokens.ts`), ERR_RESPONSE_INVALID for anything that is not this interface.
 */
export function readTokensAnswer(answer: JsonAnswer, call: IdaasCall): WireTokens {
  const body = asRecord(answer.body)
  const code = codeOf(answer)
  const succeeded = answer.status === 200 && body?.success === true && code === undefined
  if (body === undefined || !succeeded) throw failure(answer, body, code, call)
  const data = asRecord(body.data)
  return {
    idToken: data?.id_token ?? body.id_token,
    refreshToken: data?.refresh_token ?? body.refresh_token,
  }
}

function failure(
  answer: JsonAnswer,
  body: Record<string, unknown> | undefined,
  code: string | undefined,
  call: IdaasCall,
): SesameError {
  const { status, requestId } = answer
  const details = { status, requestId, serverCode: code }
  const said = messageOf(answer, body)
  if (isTransientStatus(status) || (code !== undefined && isTransientStatus(Number(code)))) {
    return new SesameError(
      'ERR_SERVER',
      t('IDaaS has a problem: {reason}.', { reason: wordsFor(said, code, answer) }),
      details,
    )
  }
  const bare = call === 'refresh' && !answer.isJson && answer.isPage !== true && status >= 400
  if (!bare && !isRefusal(status, body, code)) {
    const message = t('IDaaS answered with something other than a token: {reason}.', {
      reason: wordsFor(said, code, answer),
    })
    return new SesameError('ERR_RESPONSE_INVALID', message, { ...details, hint: t(addressHint) })
  }
  const [kind, what, hint] = refusals[call]
  return new SesameError(
    kind,
    t('{what}: {reason}.', { what: t(what), reason: wordsFor(said, code, answer) }),
    { ...details, hint: t(hint) },
  )
}

const addressHint = 'Check the IDaaS URL, the application uuid and the API version of the profile.'

const refusals: Record<IdaasCall, [ErrorCode, FixedText, FixedText]> = {
  retrieve: [
    'ERR_REFUSED',
    'IDaaS refused the application',
    'Check that the application is enabled in IDaaS, and its uuid, app key and app secret.',
  ],
  refresh: [
    'ERR_UNAUTHORIZED',
    'IDaaS refused the refresh token',
    'A new id_token can be had with the app secret.',
  ],
}

/** Did the interface itself say no? (A refresh token may be refused without any words.) A page from something in between does not count, nor an object that says nothing. */
function isRefusal(
  status: number,
  body: Record<string, unknown> | undefined,
  code: string | undefined,
): boolean {
  if (body === undefined) return false
  return status >= 400 || body.success === false || code !== undefined
}

/** What the server said, its code, the status: whatever there is of it, on one line. */
function wordsFor(
  said: string | undefined,
  code: string | undefined,
  { status, isJson }: JsonAnswer,
): string {
  const shownCode = code === undefined || code === said ? undefined : t('code {code}', { code })
  const shownStatus = status === 200 && said !== undefined ? undefined : t('status {status}', { status })
  const facts = [shownCode, shownStatus, isJson ? undefined : t('no JSON')].filter(
    (fact) => fact !== undefined,
  )
  if (said === undefined) return facts.join(', ')
  return facts.length === 0 ? said : `${said} (${facts.join(', ')})`
}

/** The server's own words; it may echo what it was sent. */
function messageOf(answer: JsonAnswer, body: Record<string, unknown> | undefined): string | undefined {
  const { serverMessage = textOf(body?.error) } = readServerError(answer)
  if (serverMessage === undefined) return undefined
  const message = foreignText(serverMessage.trim(), 300)
  return message.replace(/[.。]$/, '') || undefined
}

/**
 * The code as text that may be shown, but 200, which says that all is well. The documentation says String, and other calls of the
 * same server send numbers.
 */
function codeOf(answer: JsonAnswer): string | undefined {
  const { serverCode } = readServerError(answer)
  return serverCode && foreignText(serverCode, 100)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
