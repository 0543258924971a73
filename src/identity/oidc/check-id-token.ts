import { type JsonAnswer, retryTransient } from '../../http/index.ts'
import { type VerifiedClaims, verifyJwt } from '../../jwt/index.ts'
import { type ClockReading, isSesameError, printable, Secret, SesameError } from '../../kit/index.ts'
import type { IdToken } from '../device-flow-dialect.ts'
import type { OidcProvider } from './provider.ts'

/** What else an ID token must say, where the caller knows it. */
export interface IdTokenChecks {
  /** Of the authorization request (code grant). */
  nonce?: string
  /** The person who signed in before (refresh). */
  previousSubject?: string | undefined
}

/** OpenID Connect Core section 3.1.3.7 leaves the choice to the provider; symmetric algorithms and `none` are nobody's. */
const acceptable = new Set([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
])
const keysWithinMs = 20_000

/**
 * Checks an ID token before anything is believed (OpenID Connect Core sections 3.1.3.7 and 12.2): signature by the
 * provider's keys, issuer, audience, authorized party, times with a tolerance of 300 s, nonce, subject. It is the
 * verifier of `sesame token verify`, as openid-client's takes keys of any size and the local clock.
 *
 * @throws SesameError ERR_TOKEN_INVALID; ERR_SERVER when the keys cannot be had: no network error, as the code
 *   that was redeemed is gone and asking again would not help
 */
export async function checkIdToken(
  provider: OidcProvider,
  token: string,
  answer: JsonAnswer,
  clock: ClockReading,
  checks: IdTokenChecks,
): Promise<IdToken> {
  const { issuer, client, metadata, keys, context } = provider
  const now = answer.serverDate ?? context.clock.now()
  const algorithms = readAlgorithms(metadata.id_token_signing_alg_values_supported)
  const retries = { clock: context.clock, signal: context.signal, totalMs: keysWithinMs, random: () => 1 }
  const options = {
    issuer,
    audience: client.clientId,
    authorizedParty: client.clientId,
    requiredClaims: ['sub', 'iat'],
    algorithms,
    jwks: keys,
    now,
  }
  const { claims } = await retryTransient(retries, () => verifyJwt(token, options, context)).catch(
    (error: unknown) => {
      throw unusable(error, provider, answer.requestId)
    },
  )
  if (checks.nonce !== undefined && claims.nonce !== checks.nonce) {
    throw refused(issuer, 'it belongs to another sign-in (nonce)', answer.requestId)
  }
  if (checks.previousSubject !== undefined && claims.sub !== checks.previousSubject) {
    throw refused(issuer, 'it is for somebody else than who signed in (sub)', answer.requestId)
  }
  const { sub: subject = '', iat = 0, exp } = claims
  if (subject === '') throw refused(issuer, 'it names no user (sub)', answer.requestId)
  const lifetime = { obtainedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000), clock }
  return { token: new Secret(token), lifetime, userName: userNameOf(claims, subject) }
}

/** RS256 is what a provider signs with that does not say (OpenID Connect Dynamic Client Registration 1.0 section 2). */
function readAlgorithms(announced: unknown): string[] {
  const usable = Array.isArray(announced) ? announced.filter((name) => acceptable.has(name)) : []
  return usable.length > 0 ? usable : ['RS256']
}

function userNameOf({ preferred_username, email }: VerifiedClaims, subject: string): string {
  const name = [preferred_username, email].find((each) => typeof each === 'string' && each !== '')
  return printable(typeof name === 'string' ? name : subject, 200)
}

function unusable(error: unknown, { issuer, context }: OidcProvider, requestId: string | undefined): unknown {
  if (context.signal.aborted) return context.signal.reason
  if (isSesameError(error, 'ERR_TOKEN_INVALID')) return refused(issuer, error.message, requestId, error)
  if (!isSesameError(error)) return error
  return new SesameError('ERR_SERVER', `Signed in, but the ID token cannot be checked: ${error.message}`, {
    cause: error,
    ...(error.hint !== undefined && { hint: error.hint }),
  })
}

function refused(
  issuer: string,
  reason: string,
  requestId: string | undefined,
  cause?: unknown,
): SesameError {
  return new SesameError(
    'ERR_TOKEN_INVALID',
    `The ID token from ${issuer} is refused: ${reason.replace(/\.$/, '')}.`,
    {
      hint: 'Check issuer and client id ("sesame profile show"); if they are right, ask whoever runs the provider.',
      requestId,
      cause,
    },
  )
}
