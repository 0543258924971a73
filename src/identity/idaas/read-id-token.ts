import { decodeJwt } from '../../jwt/index.ts'
import { expiryOf, isSesameError, type Lifetime, type Log, printable } from '../../kit/index.ts'
import type { IdToken } from '../device-flow-dialect.ts'
import { type Receipt, readTokenText, unusableAnswer } from './receipt.ts'

/** What an application gives its id_tokens by default; used only for a token that does not say. */
const defaultSeconds = 7200
/** An expiry further away is a mistake (milliseconds, the year 9999), not a life. */
const longestMs = 366 * 24 * 3600 * 1000

/**
 * Checks an id_token's shape (JWS Compact Serialization, RFC 7515 section 7.1) and how long it lives by the server's
 * clock. Its signature is not looked at. `userName` is `sub`, else `username`, else the application's uuid.
 * Errors: ERR_RESPONSE_INVALID.
 */
export function readIdToken(value: unknown, applicationUuid: string, receipt: Receipt, log: Log): IdToken {
  const token = readTokenText(value, 'id_token', receipt)
  const claims = claimsOf(token.reveal(), receipt)
  const lifetime = lifetimeOf(claims, receipt, log)
  const name = [claims.sub, claims.username].find((claim) => typeof claim === 'string' && claim !== '')
  return { token, lifetime, userName: printable(String(name ?? applicationUuid), 200) }
}

function claimsOf(token: string, receipt: Receipt): Record<string, unknown> {
  if (token.endsWith('.')) throw unusableAnswer('an id_token without a signature', receipt)
  try {
    return decodeJwt(token).claims
  } catch (error) {
    if (!isSesameError(error, 'ERR_TOKEN_INVALID')) throw error
    throw unusableAnswer('an id_token that is no JWT', receipt, error)
  }
}

function lifetimeOf({ exp, iat }: Record<string, unknown>, receipt: Receipt, log: Log): Lifetime {
  const { at, clock } = receipt
  if (exp === undefined) {
    log('sesame:http', `the id_token has no exp: it is used for ${defaultSeconds} s`)
    return { obtainedAt: at, expiresAt: expiryOf(at, defaultSeconds), clock }
  }
  if (typeof exp !== 'number' || !(exp * 1000 <= at.getTime() + longestMs))
    throw unusableAnswer('an id_token whose expiry makes no sense', receipt)
  const expiresAt = new Date(exp * 1000)
  if (!(expiresAt > at)) throw unusableAnswer('an id_token that has already expired', receipt)
  // A token from the server's cache is older than the answer that carries it.
  const issuedAt = typeof iat === 'number' && iat > 0 && iat * 1000 < at.getTime() ? new Date(iat * 1000) : at
  return { obtainedAt: issuedAt, expiresAt, clock }
}
