import type { TokenEndpointResponse } from 'openid-client'
import { type JsonAnswer, requestJson } from '../../http/index.ts'
import { decodeJwt } from '../../jwt/index.ts'
import {
  asRecord,
  expiryOf,
  isSesameError,
  type Lifetime,
  measureClock,
  Secret,
  SesameError,
  t,
} from '../../kit/index.ts'
import { type IdToken, nameIn, readBearerToken, type TokenSet } from '../token-set.ts'
import { checkEndpoint } from './check-endpoints.ts'
import type { Reply, Success } from './client-request.ts'
import { checkIdToken, type IdTokenChecks } from './id-token.ts'
import { type RequestPurpose, requestError } from './oauth-error.ts'
import type { OidcProvider } from './provider.ts'
import { demandOfTokenType } from './unmet-demand.ts'

/** Without `expires_in` an access token is used for ten minutes, never for ever. */
const defaultTokenSeconds = 600
const longestTokenSeconds = 7 * 24 * 3600
/** RFC 6749 appendix A.17: visible ASCII and spaces. */
const refreshTokenText = /^[\x20-\x7e]{1,65536}$/

/**
 * The tokens of a successful response to a sign-in (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
 * Errors: those of `requireSuccess`, `readTokens` and `readIdToken`.
 */
export async function readTokenResponse(
  provider: OidcProvider,
  reply: Reply<TokenEndpointResponse>,
  purpose: RequestPurpose,
  checks: IdTokenChecks = {},
): Promise<TokenSet> {
  const success = await requireSuccess(provider, reply, purpose, checks)
  const tokens = readTokens(provider, success)
  const idToken = await readIdToken(provider, success, checks)
  return idToken === undefined ? tokens : withUserName(provider, { ...tokens, idToken })
}

/**
 * The response, if openid-client accepted it. Errors: those of `requestError` for an error response, ERR_RESPONSE_INVALID or
 * ERR_TOKEN_INVALID for a success that is none.
 */
export async function requireSuccess(
  provider: OidcProvider,
  reply: Reply<TokenEndpointResponse>,
  purpose: RequestPurpose,
  checks: IdTokenChecks,
): Promise<Success<TokenEndpointResponse>> {
  if (reply.kind === 'success') return reply
  if (reply.kind === 'error' || reply.answer.status !== 200 || !reply.answer.isJson)
    throw requestError(reply, provider.client, purpose)
  throw await invalidResponse(provider, reply.answer, checks)
}

/**
 * Access and refresh token of a response that openid-client accepted: an access token, its type, a number of seconds and a
 * refresh token that is not empty. What it does not check are the characters and length of tokens that will stand in headers,
 * DPoP, which we cannot prove, and which lifetime makes sense. Errors: ERR_RESPONSE_INVALID.
 */
export function readTokens(
  { context: { clock } }: OidcProvider,
  { answer, result }: Success<TokenEndpointResponse>,
): TokenSet {
  const tokens: TokenSet = {
    accessToken: readBearer(result.access_token, result.token_type, answer),
    lifetime: lifetimeOf(result.expires_in, answer, clock),
  }
  if (result.refresh_token !== undefined) tokens.refreshToken = readRefreshToken(result.refresh_token, answer)
  return tokens
}

/**
 * The ID token of a response, checked. openid-client has compared `iss`, `aud`, `azp` (of several audiences), `exp`, `nbf`, and
 * the nonce; it does not verify the signature of what comes over TLS. Undefined without one.
 * Errors: those of `checkIdToken`.
 */
export async function readIdToken(
  provider: OidcProvider,
  { answer, result }: Success<TokenEndpointResponse>,
  checks: IdTokenChecks,
): Promise<IdToken | undefined> {
  return result.id_token === undefined ? undefined : checkIdToken(provider, result.id_token, answer, checks)
}

/**
 * Why openid-client refused a response of status 200. Its errors hold tokens and name no member, so the checks of our own say
 * what is wrong.
 */
async function invalidResponse(
  provider: OidcProvider,
  answer: JsonAnswer,
  checks: IdTokenChecks,
): Promise<SesameError> {
  const members = (answer.body ?? {}) as Record<string, unknown>
  readBearer(members.access_token, members.token_type, answer)
  const { refresh_token: refreshToken, id_token: idToken } = members
  if (refreshToken !== undefined && refreshToken !== null) readRefreshToken(refreshToken, answer)
  if (typeof idToken === 'string') await checkIdToken(provider, idToken, answer, checks)
  else if (idToken !== undefined && idToken !== null) return invalid(t('an unusable ID token'), answer)
  else if (checks.nonce !== undefined) return invalid(t('no ID token'), answer)
  return invalid(t('something that OpenID Connect does not allow'), answer)
}

function readBearer(accessToken: unknown, tokenType: unknown, { requestId }: JsonAnswer): Secret {
  return readBearerToken(accessToken, tokenType, requestId, demandOfTokenType(tokenType))
}

function readRefreshToken(value: unknown, answer: JsonAnswer): Secret {
  if (typeof value === 'string' && refreshTokenText.test(value)) return new Secret(value)
  throw invalid(t('an unusable refresh token'), answer)
}

function lifetimeOf(
  expiresIn: number | undefined,
  { serverDate }: JsonAnswer,
  clock: OidcProvider['context']['clock'],
): Lifetime {
  const now = clock.now()
  const obtainedAt = serverDate ?? now
  const seconds = expiresIn ? Math.min(expiresIn, longestTokenSeconds) : defaultTokenSeconds
  return {
    obtainedAt,
    expiresAt: expiryOf(obtainedAt, seconds),
    clock: measureClock(serverDate, now, clock.bootedAt()),
  }
}

function invalid(what: string, { requestId, status }: JsonAnswer): SesameError {
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    t('The provider answered the sign-in with {what}.', { what }),
    {
      requestId,
      status,
    },
  )
}

const userInfoTimeoutMs = 3_000

/**
 * Puts the user's name into tokens whose ID token has none but `sub`: many providers give names at the UserInfo endpoint only
 * (OpenID Connect Core section 5.4). Asked once, with the access token, and believed only for the same `sub` (section 5.3.2). Best
 * effort: without an answer the tokens stay as they are.
 *
 * @throws the signal's reason
 */
async function withUserName(provider: OidcProvider, tokens: TokenSet): Promise<TokenSet> {
  const { idToken, accessToken } = tokens
  const { context, metadata, issuer, client } = provider
  const url: unknown = metadata.userinfo_endpoint
  if (idToken === undefined || url === undefined) return tokens
  const { claims } = decodeJwt(idToken.token.reveal())
  if (nameIn(claims) !== undefined) return tokens
  try {
    const checked = checkEndpoint('userinfo_endpoint', url, { issuer, trustedHosts: client.trustedHosts })
    const request = {
      method: 'GET',
      url: checked.href,
      bearer: accessToken,
      signal: context.signal,
      timeoutMs: userInfoTimeoutMs,
    }
    const { status, body } = await requestJson(context.fetch, request)
    const user = status === 200 ? asRecord(body) : undefined
    const name = user?.sub === claims.sub ? nameIn(user ?? {}, 'name') : undefined
    context.log('sesame:device', `userinfo: status ${status}, ${name === undefined ? 'no name' : 'a name'}`)
    return name === undefined ? tokens : { ...tokens, idToken: { ...idToken, userName: name } }
  } catch (error) {
    context.signal.throwIfAborted()
    if (!isSesameError(error)) throw error
    context.log('sesame:device', `userinfo: ${error.message}`)
    return tokens
  }
}
