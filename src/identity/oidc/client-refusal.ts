import { readServerError } from '../../http/index.ts'
import { codesOfRefusedClient } from './client-authentication.ts'
import type { Reply } from './client-request.ts'

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
