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
  return error === 'server_error' || error === 'temporarily_unavailable'
}

/** The error of a request, with the server's code and description (shortened, printable, without secrets) and what to do. */
export function requestError(reply: Failed, client: Client, purpose: RequestPurpose): SesameError {
  const { answer } = reply
  const { serverCode, requestId, status, message } = serverError(answer, purpose.failure)
  const { serverMessage } = readServerError(answer)
  const hint = reply.kind === 'error' ? hintFor(reply.error, client, purpose, serverMessage) : undefined
  return new SesameError(codeOf(reply, purpose), message, {
    serverCode,
    requestId,
    status,
    ...(hint !== undefined && { hint }),
  })
}

/**
 * What providers answer to a refresh token that they no longer take: RFC 6749 section 5.2, and what is seen beside it. The
 * last ones (OpenID Connect Core section 3.1.2.6) ask for the user.
 */
const endOfSignIn: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_token',
  'expired_token',
  'token_expired',
  'invalid_refresh_token',
  'login_required',
  'interaction_required',
  'consent_required',
])

/**
 * The status counts only where there is no error code. A client that is refused (401) is no expired sign-in, and a new one
 * would not help.
 */
function codeOf(reply: Failed, { grant }: RequestPurpose): ErrorCode {
  const { answer } = reply
  if (grant === 'refresh' && reply.kind === 'error' && endOfSignIn.has(reply.error)) return 'ERR_UNAUTHORIZED'
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
