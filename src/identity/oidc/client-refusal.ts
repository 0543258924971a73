import { foreignText, readServerError } from '../../http/index.ts'
import { t } from '../../kit/index.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import type { Reply } from './client-request.ts'
import type { OidcClient } from './provider.ts'

/** What is known about a request whose client was refused, whichever way it was sent. */
export interface RefusedClient {
  /** The ways that were tried; undefined for a client without a secret. */
  tried: readonly (ClientAuthentication | undefined)[]
  /** The ways that the provider announces. */
  announced: readonly string[] | undefined
}

/** RFC 6749 section 5.2, and what others call it. */
export const codesOfRefusedClient: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_client_id',
  'unknown_client',
  // GitHub's, Slack's.
  'incorrect_client_credentials',
  'bad_client_secret',
])

/** With these statuses: Keycloak's, Auth0's; Glewlwyd's. With another one they speak of the grant or of the user. */
const codesOfStatus: Readonly<Record<number, readonly string[]>> = {
  401: ['unauthorized_client', 'access_denied', 'invalid_request'],
  403: ['unauthorized_client'],
}

/** A server that looks for id or secret elsewhere misses them: "client_id is required". */
const missesCredentials = /\bclient[ _-]?(?:id|secret|credentials?|authentication)\b/i

/**
 * Whether a provider did not take the client for who it is, and so looked at nothing else: the request may be sent again in another
 * way. A bare 401 says nothing else either.
 */
export function isClientRefused(reply: Reply<unknown>): boolean {
  if (reply.kind === 'success') return false
  const { status } = reply.answer
  const { serverCode, serverMessage = '' } = readServerError(reply.answer)
  const code = reply.kind === 'error' ? reply.error : serverCode
  if (code !== undefined && codesOfRefusedClient.has(code)) return true
  // A code that is none of OAuth's says no more than its status.
  const own = code !== undefined && /^[a-z]+(?:_[a-z]+)+$/.test(code) ? code : undefined
  if (own === undefined ? status === 401 : codesOfStatus[status]?.includes(own)) return true
  const misread = status === 400 && (own === undefined || own === 'invalid_request')
  return (misread && missesCredentials.test(serverMessage)) || isClientUnknown(reply)
}

/** zitadel, and others, answer an unknown client with an error of the server. */
function isClientUnknown(reply: Reply<unknown>): boolean {
  if (reply.kind === 'success' || reply.answer.status < 500) return false
  const { serverMessage = '' } = readServerError(reply.answer)
  const unknown = '(?:unknown|invalid|not found|not exist|not registered|no such|unregistered)'
  return new RegExp(`\\bclient\\b.{0,60}\\b${unknown}|\\b${unknown}.{0,30}\\bclient\\b`, 'i').test(
    serverMessage,
  )
}

/** Whether it took the client for who it is: tokens came, or it waits for the user. */
export function isClientAccepted(reply: Reply<unknown>): boolean {
  if (reply.kind === 'success') return true
  return reply.kind === 'error' && (reply.error === 'authorization_pending' || reply.error === 'slow_down')
}

/** What the user can do about it: id, secret, or another client where the provider wants what sesame has not. */
export function hintForRefusedClient(
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
