import type { JsonAnswer } from '../../http/index.ts'
import {
  asRecord,
  type ClockReading,
  expiryOf,
  type Lifetime,
  measureClock,
  Secret,
  SesameError,
} from '../../kit/index.ts'
import { readBearerToken } from '../access-token.ts'
import type { TokenSet } from '../device-flow-dialect.ts'
import { checkIdToken, type IdTokenChecks } from './check-id-token.ts'
import type { Exchange } from './exchange.ts'
import type { OidcProvider } from './provider.ts'

/** Without `expires_in` an access token is used for ten minutes, never for ever. */
const defaultTokenSeconds = 600
const longestTokenSeconds = 7 * 24 * 3600
/** RFC 6749 appendix A.17: visible ASCII and spaces. */
const refreshTokenText = /^[\x20-\x7e]{1,65536}$/

/**
 * Reads a token answer (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3) that says no error. Every member is
 * checked before it is handed on, the ID token whole. Errors: ERR_RESPONSE_INVALID, ERR_TOKEN_INVALID, ERR_SERVER (no keys).
 */
export async function readTokens(
  provider: OidcProvider,
  { answer, result }: Exchange<unknown>,
  checks: IdTokenChecks = {},
): Promise<TokenSet> {
  const { clock } = provider.context
  const wire = asRecord(answer.body) ?? {}
  const accessToken = readBearerToken(wire.access_token, wire.token_type, answer.requestId)
  const reading = measureClock(answer.serverDate, clock.now(), clock.bootedAt())
  const tokens: TokenSet = {
    accessToken,
    lifetime: lifetimeOf(wire.expires_in, answer.serverDate ?? clock.now(), reading),
  }
  if (isPresent(wire.refresh_token)) {
    if (typeof wire.refresh_token !== 'string' || !refreshTokenText.test(wire.refresh_token))
      throw invalid('an unusable refresh token', answer)
    tokens.refreshToken = new Secret(wire.refresh_token)
  }
  if (isPresent(wire.id_token)) {
    if (typeof wire.id_token !== 'string') throw invalid('an unusable ID token', answer)
    tokens.idToken = await checkIdToken(provider, wire.id_token, answer, reading, checks)
  } else if (checks.nonce !== undefined) {
    throw invalid('no ID token', answer)
  }
  if (result === undefined) throw invalid('something that OpenID Connect does not allow', answer)
  return tokens
}

function lifetimeOf(expiresIn: unknown, obtainedAt: Date, clock: ClockReading): Lifetime {
  const wanted = Number(expiresIn)
  const seconds = wanted > 0 ? Math.min(wanted, longestTokenSeconds) : defaultTokenSeconds
  return { obtainedAt, expiresAt: expiryOf(obtainedAt, seconds), clock }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}

function invalid(what: string, { requestId, status }: JsonAnswer): SesameError {
  return new SesameError('ERR_RESPONSE_INVALID', `The provider answered the sign-in with ${what}.`, {
    requestId,
    status,
  })
}
