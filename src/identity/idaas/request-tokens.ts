import { requestJson, retryTransient } from '../../http/index.ts'
import type { Secret } from '../../kit/index.ts'
import { checkApiVersion, checkAppKey, checkApplicationUuid, normalizeIdaasUrl } from '../../values/index.ts'
import type { IdaasApplication, IdaasContext, IdaasTokens } from './application.ts'
import { type IdaasCall, readTokensAnswer } from './read-answer.ts'
import { readIdaasTokens } from './read-tokens.ts'

const defaultTotalMs = 10_000

/**
 * Fetches an `id_token` with the application's key and secret, and a refresh token where the application gives them.
 * Errors: ERR_REFUSED with the server's words (secret, uuid or key wrong, application disabled); ERR_SERVER,
 * ERR_RESPONSE_INVALID and network once the attempts are over; the signal's reason.
 */
export function retrieveIdToken(
  application: IdaasApplication,
  appSecret: Secret,
  context: IdaasContext,
): Promise<IdaasTokens> {
  return requestTokens(application, 'retrieve', { appSecret }, context)
}

/**
 * Renews the `id_token` with a refresh token. Without `refreshToken` in the result, the one that was sent stays good.
 * Errors: ERR_UNAUTHORIZED when it is refused (expired, used, switched off): fetch anew with the secret. Whatever
 * else fails says nothing about the refresh token, and it should be kept.
 */
export function refreshIdToken(
  application: IdaasApplication,
  refreshToken: Secret,
  context: IdaasContext,
): Promise<IdaasTokens> {
  return requestTokens(application, 'refresh', { refresh_token: refreshToken }, context)
}

async function requestTokens(
  application: IdaasApplication,
  call: IdaasCall,
  proof: Record<string, Secret>,
  context: IdaasContext,
): Promise<IdaasTokens> {
  const { fetch, clock, signal, random, totalMs = defaultTotalMs } = context
  const url = endpoint(application, call)
  const secrets = Object.entries(proof).map(([name, secret]) => [name, secret.reveal()] as const)
  const json = { appKey: checkAppKey(application.appKey), ...Object.fromEntries(secrets) }
  return await retryTransient({ clock, signal, totalMs, random }, async (timeoutMs) => {
    const answer = await requestJson(fetch, { method: 'POST', url, json, signal, timeoutMs })
    const tokens = readIdaasTokens(readTokensAnswer(answer, call), application, answer, context)
    // A server that repeats the refresh token has not renewed it: it keeps the lifetime that it had.
    const isNew = tokens.refreshToken?.token.reveal() !== proof.refresh_token?.reveal()
    return isNew ? tokens : { idToken: tokens.idToken }
  })
}

/** The application comes from a file that people edit, so its parts are checked again before they make a URL. */
function endpoint({ url, apiVersion, applicationUuid }: IdaasApplication, call: IdaasCall): string {
  const base = `${normalizeIdaasUrl(url)}/api/public/bff/${checkApiVersion(apiVersion)}`
  return `${base}/application/plugin_jwt_sts/${call}_id_token/${checkApplicationUuid(applicationUuid)}`
}
