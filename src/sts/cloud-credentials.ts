import { bearerError, isRefused, type JsonAnswer, requestJson, retryTransient } from '../http/index.ts'
import { asRecord, type Clock, type Fetch, type Secret, type SesameError, t } from '../kit/index.ts'
import { type IssuedCredentials, readIssuedCredentials } from './issued-credentials.ts'

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

const totalMs = 20_000
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
    if (isRefused(answer)) throw refusal(answer, request)
    const credential = asRecord(answer.body)?.CloudCredential
    return readIssuedCredentials(credential, answer, answer.serverDate ?? clock.now(), {
      name: () => t('The portal'),
    })
  })
}

function refusal(
  answer: JsonAnswer,
  { accountId, accessConfigurationId }: CloudCredentialsRequest,
): SesameError {
  const chosen = { configuration: accessConfigurationId, account: accountId }
  const error = bearerError(answer, t('The portal gave no credentials'))
  if (error.code === 'ERR_FORBIDDEN') {
    const what = t(
      'You are not allowed to use access configuration {configuration} in account {account}',
      chosen,
    )
    return bearerError(answer, what)
  }
  if (error.code !== 'ERR_REFUSED') return error
  const what = t(
    'The portal gave no credentials of access configuration {configuration} in account {account}',
    chosen,
  )
  return bearerError(answer, what)
}
