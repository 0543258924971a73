import {
  isTransientAnswer,
  isTransientStatus,
  type JsonAnswer,
  readServerError,
  serverError,
} from '../../http/index.ts'
import { type ErrorCode, SesameError } from '../../kit/index.ts'

/** What a hint needs to know. */
export interface Asked {
  issuer: string
  clientId: string
  /** The grant that was asked for. */
  grant?: 'device' | 'code' | 'refresh'
  /** Proof key parameters went along that the server may not know. */
  unusualPkce?: boolean
}

/** The OAuth error code of an answer (RFC 6749 section 5.2), whatever its status: servers differ in those. */
export function errorOf(answer: JsonAnswer): string | undefined {
  const { body } = answer
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  return typeof body.error === 'string' && body.error !== '' ? body.error : undefined
}

/** A transient answer, and the error codes that say the same (RFC 6749 section 4.1.2.1). */
export function isPassing(answer: JsonAnswer): boolean {
  const error = errorOf(answer)
  if (error === 'server_error' || error === 'temporarily_unavailable') return true
  return isTransientAnswer(answer)
}

/** A refusal in our words, with the server's code and description (shortened, printable, without secrets) and what to do. */
export function refusal(answer: JsonAnswer, what: string, asked: Asked): SesameError {
  const { serverCode, requestId, status, message } = serverError(answer, what)
  const { serverMessage } = readServerError(answer)
  const hint = hintFor(errorOf(answer), asked, serverMessage)
  return new SesameError(codeOf(answer, asked), message, {
    serverCode,
    requestId,
    status,
    ...(hint !== undefined && { hint }),
  })
}

/**
 * The status counts only where there is no code. A client that is refused (401) is no expired sign-in, and a new one
 * would not help.
 */
function codeOf(answer: JsonAnswer, { grant }: Asked): ErrorCode {
  const error = errorOf(answer)
  if (grant === 'refresh' && error === 'invalid_grant') return 'ERR_UNAUTHORIZED'
  if (isPassing(answer) && (answer.isJson || isTransientStatus(answer.status))) return 'ERR_SERVER'
  if (error !== undefined || readServerError(answer).serverCode !== undefined) return 'ERR_REFUSED'
  return 'ERR_RESPONSE_INVALID'
}

/** What a person can do about an error code. */
export function hintFor(
  error: string | undefined,
  { issuer, clientId, grant, unusualPkce }: Asked,
  description = '',
): string | undefined {
  const aboutClient = `Check the client id ${clientId} at ${issuer}: it must be public, or its secret given with "sesame configure --profile NAME --client-secret-stdin".`
  switch (error) {
    case 'invalid_client':
      return aboutClient
    case 'unauthorized_client':
      return grant === 'device'
        ? `Allow the device authorization grant for the client ${clientId} at the provider, or use --flow code.`
        : `Allow the ${grant === 'refresh' ? 'refresh token' : 'authorization code'} grant for the client ${clientId} at the provider.`
    case 'unsupported_grant_type':
      return grant === 'device' ? 'The provider has no device sign-in: use --flow code.' : undefined
    case 'invalid_scope':
      return 'Choose scopes that the provider allows: "sesame configure --profile NAME --scope".'
    case 'invalid_request':
      // Google's way to ask for one.
      if (/client_secret/i.test(description)) return aboutClient
      return unusualPkce
        ? 'If the provider rejects PKCE in the device flow: "sesame configure --profile NAME --no-device-pkce".'
        : undefined
    case 'invalid_target':
      return 'The provider does not know the audience: check it with "sesame profile show".'
    default:
      return undefined
  }
}
