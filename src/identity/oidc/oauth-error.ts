import { isTransientAnswer, isTransientStatus, readServerError, serverError } from '../../http/index.ts'
import { type ErrorCode, SesameError } from '../../kit/index.ts'
import type { Reply } from './client-request.ts'
import type { OidcClient } from './provider.ts'

/** What a request was for: for its error and hint. */
export interface RequestPurpose {
  /** What failed, as the message begins. */
  failure: string
  grant?: 'device' | 'code' | 'refresh'
  /** Proof key parameters went along that the server may not know. */
  unusualPkce?: boolean
}

type Client = Pick<OidcClient, 'issuer' | 'clientId'>
type Failed = Exclude<Reply<unknown>, { kind: 'success' }>

/** A transient answer, and the error codes that say the same (RFC 6749 section 4.1.2.1). */
export function isTemporary(reply: Failed): boolean {
  return (reply.kind === 'error' && isTemporaryError(reply.error)) || isTransientAnswer(reply.answer)
}

export function isTemporaryError(error: string): boolean {
  return ['server_error', 'temporarily_unavailable', 'slow_down'].includes(error)
}

/** What a refresh token cannot help: the client is refused, or the way it asks. */
const aboutTheClient = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type']

/**
 * Whether the answer to a refresh token says that the sign-in is over. RFC 6749 section 5.2 has `invalid_grant` for it; servers say
 * it with any other code (`access_denied`, `login_required`, `invalid_token` …), with JSON that has none, or with a bare 4xx. A
 * page in HTML may come from something in between.
 */
function endsSignIn(reply: Failed): boolean {
  const { answer } = reply
  if (reply.kind === 'error') {
    if (reply.error === 'invalid_grant') return true
    const { serverMessage = '' } = readServerError(answer)
    return !isTemporary(reply) && !aboutTheClient.includes(reply.error) && !asksForSecret(serverMessage)
  }
  const { status, isPage } = answer
  return isPage !== true && status >= 400 && status < 500 && !isTransientStatus(status) && status !== 408
}

/** Google's way to ask for one. */
function asksForSecret(description: string): boolean {
  return /client_secret/i.test(description)
}

/**
 * The error of a request, with the server's code and description (shortened, printable, without secrets) and what to do. A sign-in
 * that is over is ERR_UNAUTHORIZED, with a `serverCode` only where the provider said so with an error of OAuth.
 */
export function requestError(reply: Failed, client: Client, purpose: RequestPurpose): SesameError {
  const { answer } = reply
  const { serverCode, requestId, status, message } = serverError(answer, purpose.failure)
  const { serverMessage } = readServerError(answer)
  const hint = reply.kind === 'error' ? hintFor(reply.error, client, purpose, serverMessage) : undefined
  const code = codeOf(reply, purpose)
  return new SesameError(code, message, {
    serverCode: code === 'ERR_UNAUTHORIZED' && reply.kind !== 'error' ? undefined : serverCode,
    requestId,
    status,
    ...(hint !== undefined && { hint }),
  })
}

/**
 * The status counts only where there is no error code. A client that is refused (401) is no expired sign-in, and a new one
 * would not help.
 */
function codeOf(reply: Failed, { grant }: RequestPurpose): ErrorCode {
  const { answer } = reply
  if (grant === 'refresh' && endsSignIn(reply)) return 'ERR_UNAUTHORIZED'
  if (isTemporary(reply) && (answer.isJson || isTransientStatus(answer.status))) return 'ERR_SERVER'
  if (reply.kind === 'error' || readServerError(answer).serverCode !== undefined) return 'ERR_REFUSED'
  return 'ERR_RESPONSE_INVALID'
}

/** What the user can do about an error code. */
export function hintFor(
  error: string,
  { issuer, clientId }: Client,
  { grant, unusualPkce }: Omit<RequestPurpose, 'failure'>,
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
      if (asksForSecret(description)) return aboutClient
      return unusualPkce
        ? 'If the provider rejects PKCE in the device flow: "sesame configure --profile NAME --no-device-pkce".'
        : undefined
    case 'invalid_target':
      return 'The provider does not know the audience: check it with "sesame profile show".'
    default:
      return undefined
  }
}
