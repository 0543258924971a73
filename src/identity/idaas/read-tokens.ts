import type { JsonAnswer } from '../../http/index.ts'
import { decodeJwt } from '../../jwt/index.ts'
import {
  type ClockReading,
  expiryOf,
  isSesameError,
  type Lifetime,
  type Log,
  measureClock,
  printable,
  Secret,
  SesameError,
  t,
} from '../../kit/index.ts'
import type { IdToken } from '../token-set.ts'
import type { IdaasApplication, IdaasContext, IdaasTokens } from './application.ts'
import type { WireTokens } from './read-answer.ts'

/** What an application gives its refresh tokens by default; the server never says. */
const refreshTokenSeconds = 30 * 24 * 3600
/** What an application gives its id_tokens by default; used only for a token that does not say. */
const defaultSeconds = 7200
/** An expiry further away is a mistake (milliseconds, the year 9999). */
const longestMs = 366 * 24 * 3600 * 1000
const longestTokenLength = 64 * 1024

/** Of a response with tokens: its time by the server's clock, and what an error says about it. */
interface ResponseContext extends Pick<JsonAnswer, 'requestId' | 'status'> {
  at: Date
  clock: ClockReading
}

/**
 * Makes tokens of what was found in an answer: the id_token a JWT that has not expired by the server's clock, the
 * refresh token text that can travel. Errors: ERR_RESPONSE_INVALID.
 */
export function readIdaasTokens(
  wire: WireTokens,
  { applicationUuid }: Pick<IdaasApplication, 'applicationUuid'>,
  { serverDate, requestId, status }: JsonAnswer,
  { clock, log }: Pick<IdaasContext, 'clock' | 'log'>,
): IdaasTokens {
  const now = clock.now()
  const reading = measureClock(serverDate, now, clock.bootedAt())
  const context: ResponseContext = { at: serverDate ?? now, clock: reading, requestId, status }
  const idToken = readIdToken(wire.idToken, applicationUuid, context, log)
  // Where refresh tokens are off the member is absent; null and the empty text say the same.
  if (wire.refreshToken === undefined || wire.refreshToken === null || wire.refreshToken === '')
    return { idToken }
  return {
    idToken,
    refreshToken: {
      token: readTokenText(wire.refreshToken, 'refresh_token', context),
      lifetime: refreshTokenLifetime(context),
    },
  }
}

function refreshTokenLifetime({ at, clock }: ResponseContext): Lifetime {
  return { obtainedAt: at, expiresAt: expiryOf(at, refreshTokenSeconds), clock }
}

/**
 * Checks an id_token's shape (JWS Compact Serialization, RFC 7515 section 7.1) and its lifetime by the server's
 * clock. Its signature is not verified. `userName` is `sub`, else `username`, else the application's uuid.
 * Errors: ERR_RESPONSE_INVALID.
 */
function readIdToken(value: unknown, applicationUuid: string, context: ResponseContext, log: Log): IdToken {
  const token = readTokenText(value, 'id_token', context)
  const claims = claimsOf(token.reveal(), context)
  const lifetime = lifetimeOf(claims, context, log)
  const name = [claims.sub, claims.username].find((claim) => typeof claim === 'string' && claim !== '')
  return { token, lifetime, userName: printable(String(name ?? applicationUuid), 200) }
}

function claimsOf(token: string, context: ResponseContext): Record<string, unknown> {
  if (token.endsWith('.')) throw unusableAnswer(t('an id_token without a signature'), context)
  try {
    return decodeJwt(token).claims
  } catch (error) {
    if (!isSesameError(error, 'ERR_TOKEN_INVALID')) throw error
    throw unusableAnswer(t('an id_token that is no JWT'), context, error)
  }
}

function lifetimeOf({ exp, iat }: Record<string, unknown>, context: ResponseContext, log: Log): Lifetime {
  const { at, clock } = context
  if (exp === undefined) {
    log('sesame:http', `the id_token has no exp: it is used for ${defaultSeconds} s`)
    return { obtainedAt: at, expiresAt: expiryOf(at, defaultSeconds), clock }
  }
  if (typeof exp !== 'number' || !(exp * 1000 <= at.getTime() + longestMs))
    throw unusableAnswer(t('an id_token with an invalid expiry'), context)
  const expiresAt = new Date(exp * 1000)
  if (!(expiresAt > at)) throw unusableAnswer(t('an id_token that has already expired'), context)
  // A token from the server's cache is older than the response that it comes in.
  const issuedAt = typeof iat === 'number' && iat > 0 && iat * 1000 < at.getTime() ? new Date(iat * 1000) : at
  return { obtainedAt: issuedAt, expiresAt, clock }
}

/**
 * A token as text: at most 64 kB without white space or control characters, since it will stand in a header or a
 * shell. Errors: ERR_RESPONSE_INVALID.
 */
function readTokenText(value: unknown, name: string, context: ResponseContext): Secret {
  const usable =
    typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) && value.length <= longestTokenLength
  if (!usable) throw unusableAnswer(t('no usable {name}', { name }), context)
  return new Secret(value)
}

/** The error for an answer that looked like success and is of no use. */
function unusableAnswer(what: string, { requestId, status }: ResponseContext, cause?: unknown): SesameError {
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    t('IDaaS answered {status} with {what}.', { status, what }),
    {
      hint: t('Try again; if the error remains, show this to the administrator of the application in IDaaS.'),
      requestId,
      status,
      cause,
    },
  )
}
