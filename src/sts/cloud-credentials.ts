import type { Clock } from '../clock.ts'
import type { Credentials } from '../credentials.ts'
import { SesameError } from '../errors.ts'
import { type Fetch, type JsonAnswer, requestJson, retryTransient, serverError } from '../http/index.ts'
import { Secret } from '../secret.ts'
import { readExpiration } from './instant.ts'

export interface CloudCredentialsRequest {
  /** The CloudSSO sign-in URL; only scheme and host count. */
  signInUrl: string
  accessToken: Secret
  accountId: string
  accessConfigurationId: string
  fetch: Fetch
  clock: Clock
  random: () => number
  signal: AbortSignal
}

/** Credentials with the instant at which the server made them. */
export interface IssuedCredentials {
  credentials: Credentials
  issuedAt: Date
  /** The server's `Date` header, to measure the local clock by. */
  serverDate: Date | undefined
}

const totalMs = 20_000
/** Printable ASCII: these values travel in headers, where anything else cannot go. */
const credentialText = /^[\x20-\x7e]{1,16384}$/

/**
 * Exchanges a CloudSSO bearer token for STS credentials (`POST /cloud-credentials`); everything is checked before it
 * is handed on. Errors: ERR_UNAUTHORIZED (sign in again), ERR_FORBIDDEN (not assigned), ERR_REFUSED, ERR_SERVER,
 * ERR_RESPONSE_INVALID, network.
 */
export function requestCloudCredentials(request: CloudCredentialsRequest): Promise<IssuedCredentials> {
  const { clock, signal, random } = request
  const url = new URL('/cloud-credentials', new URL(request.signInUrl).origin).href
  const json = { AccountId: request.accountId, AccessConfigurationId: request.accessConfigurationId }
  return retryTransient({ clock, signal, totalMs, random }, async (timeoutMs) => {
    const answer = await requestJson(request.fetch, {
      method: 'POST',
      url,
      json,
      bearer: request.accessToken,
      signal,
      timeoutMs,
    })
    if (answer.status !== 200) throw refusal(answer, request)
    return readCredentials(answer, answer.serverDate ?? clock.now())
  })
}

function refusal(
  answer: JsonAnswer,
  { accountId, accessConfigurationId }: CloudCredentialsRequest,
): SesameError {
  if (answer.status !== 403) return serverError(answer, 'The portal gave no credentials')
  return serverError(
    answer,
    `You are not allowed to use access configuration ${accessConfigurationId} in account ${accountId}`,
  )
}

function readCredentials(answer: JsonAnswer, serverNow: Date): IssuedCredentials {
  const { requestId, serverDate } = answer
  const wire = asRecord(asRecord(answer.body).CloudCredential)
  for (const member of ['AccessKeyId', 'AccessKeySecret', 'SecurityToken']) {
    const value = wire[member]
    if (typeof value !== 'string' || !credentialText.test(value)) {
      throw new SesameError(
        'ERR_RESPONSE_INVALID',
        `The portal answered ${answer.status}, but without a usable ${member}.`,
        {
          requestId,
          status: answer.status,
        },
      )
    }
  }
  const credentials = {
    accessKeyId: String(wire.AccessKeyId),
    accessKeySecret: new Secret(String(wire.AccessKeySecret)),
    securityToken: new Secret(String(wire.SecurityToken)),
    expiresAt: readExpiration(wire.Expiration, serverNow, requestId),
  }
  return { credentials, issuedAt: serverNow, serverDate }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
