import { readServerError, serverError } from '../../http/index.ts'
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

/** A fault that may pass: 5xx, 429, or something in between that did not speak JSON (proxy, captive portal). */
export function isTemporary(reply: Failed): boolean {
  const { status, isJson } = reply.answer
  if (reply.kind === 'error' && isTemporaryError(reply.error)) return true
  return status >= 500 || status === 429 || !isJson
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
 * The status counts only where there is no error code. A client that is refused (401) is no expired sign-in, and a new one
 * would not help.
 */
function codeOf(reply: Failed, { grant }: RequestPurpose): ErrorCode {
  const { answer } = reply
  if (grant === 'refresh' && reply.kind === 'error' && reply.error === 'invalid_grant')
    return 'ERR_UNAUTHORIZED'
  if (isTemporary(reply) && (answer.isJson || answer.status >= 500 || answer.status === 429))
    return 'ERR_SERVER'
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
