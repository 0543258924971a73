import {
  foreignText,
  isTransientAnswer,
  isTransientStatus,
  readServerError,
  serverError,
} from '../../http/index.ts'
import { type ErrorCode, SesameError, shellWord, t } from '../../kit/index.ts'
import type { RefusedClient } from './client-authentication.ts'
import type { Reply } from './client-request.ts'
import type { OidcClient } from './provider.ts'
import { demandInError } from './unmet-demand.ts'

/** What a request was for: for its error and hint. */
export interface RequestPurpose {
  /** What failed, as the message begins. */
  failure: string
  grant?: 'device' | 'code' | 'refresh'
  /** Whether proof key parameters went along in a grant where the server may not know them; undefined in the others. */
  unusualPkce?: boolean
}

type Client = Pick<OidcClient, 'issuer' | 'clientId' | 'scope'>
type Failed = Exclude<Reply<unknown>, { kind: 'success' }>

/** RFC 6749 section 5.2, and what others call it. */
export const codesOfRefusedClient: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_client_id',
  'unknown_client',
  // GitHub's, Slack's.
  'incorrect_client_credentials',
  'bad_client_secret',
])

/** A transient answer, and the error codes that say the same (RFC 6749 section 4.1.2.1). */
export function isTemporary(reply: Failed): boolean {
  if (reply.refusedClient !== undefined) return false
  return (reply.kind === 'error' && isTemporaryError(reply.error)) || isTransientAnswer(reply.answer)
}

export function isTemporaryError(error: string): boolean {
  return ['server_error', 'temporarily_unavailable', 'slow_down'].includes(error)
}

/** What a refresh token cannot help: the client is refused, or the way it asks. */
const aboutTheClient = [...codesOfRefusedClient, 'unauthorized_client', 'unsupported_grant_type']

/**
 * Whether the answer to a refresh token says that the sign-in is over. RFC 6749 section 5.2 has `invalid_grant` for it; servers say
 * it with any other code (`access_denied`, `login_required`, `invalid_token` …), with JSON that has none, or with a bare 4xx. A
 * page in HTML may come from something in between.
 */
function endsSignIn(reply: Failed): boolean {
  const { answer } = reply
  if (reply.kind === 'error') {
    if (reply.error === 'invalid_grant') return true
    if (isTransientStatus(answer.status)) return false
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
  const bare = reply.refusedClient !== undefined && serverCode === undefined
  const refused = t('{failure}: it does not accept the client {clientId} (status {status}).', {
    failure: purpose.failure,
    clientId: client.clientId,
    status: answer.status,
  })
  const hint = hintForReply(reply, client, purpose)
  const code = codeOf(reply, purpose)
  return new SesameError(code, bare ? refused : message, {
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
  const { answer, refusedClient } = reply
  if (grant === 'refresh' && endsSignIn(reply)) return 'ERR_UNAUTHORIZED'
  if (isTemporary(reply) && (answer.isJson || isTransientStatus(answer.status))) return 'ERR_SERVER'
  const refused = refusedClient !== undefined || readServerError(answer).serverCode !== undefined
  if (reply.kind === 'error' || refused) return 'ERR_REFUSED'
  return 'ERR_RESPONSE_INVALID'
}

function hintForReply(reply: Failed, client: Client, purpose: RequestPurpose): string | undefined {
  const { serverMessage } = readServerError(reply.answer)
  const error = reply.kind === 'error' ? reply.error : ''
  if (reply.refusedClient !== undefined) {
    const hint = demandInError(error, serverMessage) ?? hintForRefusedClient(client, reply.refusedClient)
    // RFC 6749 section 5.2 means the grant by that word; Glewlwyd answers a wrong secret so.
    const orGrant = error === 'unauthorized_client' && reply.answer.status === 403 && purpose.grant
    return orGrant
      ? t('{hint}; or allow it the {grant} grant.', {
          hint: hint.replace(/[.。]$/, ''),
          grant: t(grantNames[orGrant]),
        })
      : hint
  }
  if (reply.answer.status === 500 && purpose.grant !== undefined && purpose.grant !== 'refresh')
    return t(
      'If it stays so, check the client id {clientId} at {issuer}: some providers answer an unknown one like this.',
      { clientId: client.clientId, issuer: client.issuer },
    )
  return reply.kind === 'error' ? hintFor(error, client, purpose, serverMessage) : undefined
}

const grantNames = {
  device: 'device authorization',
  code: 'authorization code',
  refresh: 'refresh token',
} as const

/** What the user can do about an error code. */
export function hintFor(
  error: string,
  client: Client,
  { grant, unusualPkce }: Omit<RequestPurpose, 'failure'>,
  description = '',
): string | undefined {
  const { clientId } = client
  const demand = demandInError(error, description)
  if (demand !== undefined) return demand
  if (refusesOfflineAccess(client, description)) return hintForOfflineAccess(client)
  switch (error) {
    case 'invalid_client':
      return hintForRefusedClient(client)
    case 'unauthorized_client':
      return grant === 'device'
        ? t(
            'Allow the device authorization grant for the client {clientId} at the provider, or use --flow code.',
            { clientId },
          )
        : t('Allow the {grant} grant for the client {clientId} at the provider.', {
            grant: t(grantNames[grant ?? 'code']),
            clientId,
          })
    case 'unsupported_grant_type':
      return grant === 'device' ? t('The provider has no device sign-in: use --flow code.') : undefined
    case 'invalid_scope':
      return t(
        'Choose scopes that the provider allows: "sesame configure --profile NAME --scope" (now "{scope}").',
        { scope: client.scope },
      )
    case 'invalid_request':
      if (asksForSecret(description)) return hintForRefusedClient(client)
      if (unusualPkce === undefined) return undefined
      return unusualPkce
        ? t(
            'If the provider rejects PKCE in the device flow: "sesame configure --profile NAME --no-device-pkce".',
          )
        : t(
            'If the provider requires PKCE in the device flow: "sesame configure --profile NAME --device-pkce".',
          )
    case 'invalid_target':
      return t('The provider does not know the audience: check it with "sesame profile show".')
    default:
      return undefined
  }
}

const offlineAccess = 'offline_access'

/** By its description: the code is `invalid_scope` (RFC 6749 section 5.2), or `not_allowed` at Keycloak for a user without that role. */
function refusesOfflineAccess({ scope }: Client, description: string): boolean {
  const asked = scope.split(' ').includes(offlineAccess)
  return asked && /\boffline[ _](?:access|tokens?|sessions?)\b/i.test(description)
}

/** The scope may be the default, which the user has never seen; some providers renew without it. */
function hintForOfflineAccess({ scope }: Client): string {
  const others = scope.split(' ').filter((each) => each !== offlineAccess)
  const without = others.length === 0 ? 'openid' : others.join(' ')
  return t(
    'The provider does not allow {offlineAccess} here: have it allowed for this user and client, or do without: sesame configure --profile NAME --scope {without}',
    { offlineAccess, without: shellWord(without) },
  )
}

/** What the user can do about it: id, secret, or another client where the provider wants what sesame has not. */
function hintForRefusedClient(
  { issuer, clientId }: Pick<OidcClient, 'issuer' | 'clientId'>,
  { tried, announced = [] }: RefusedClient = { tried: [undefined], announced: undefined },
): string {
  const usable = ['none', 'client_secret_basic', 'client_secret_post']
  if (announced.length > 0 && !announced.some((method) => usable.includes(method)))
    return t(
      'The provider takes only {methods}, which sesame has not: register a client that is public or has a secret.',
      { methods: announced.map((each) => foreignText(each, 40)).join(', ') },
    )
  if (tried.includes(undefined))
    return t(
      'Check the client id {clientId} at {issuer}: it must be public, or its secret given with "sesame configure --profile NAME --client-secret-stdin".',
      { clientId, issuer },
    )
  return t(
    'Check the client id {clientId} and its secret at {issuer} ("sesame configure --profile NAME --client-secret-stdin"; --client-auth says how it is sent).',
    { clientId, issuer },
  )
}
