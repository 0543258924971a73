import { type JsonAnswer, retryTransient } from '../../http/index.ts'
import { signatureAlgorithms, type VerifiedClaims, verifyWithSource } from '../../jwt/index.ts'
import { isSesameError, measureClock, printable, Secret, SesameError } from '../../kit/index.ts'
import type { IdToken } from '../token-set.ts'
import type { OidcProvider } from './provider.ts'
import { demandOfIdToken } from './unmet-demand.ts'

/** What else an ID token must say, where the caller knows it. */
export interface IdTokenChecks {
  /** Of the authorization request (code grant). */
  nonce?: string
  /** `sub` of the ID token of the sign-in (refresh). */
  previousSubject?: string | undefined
}

const keysWithinMs = 20_000
const generalHint =
  'Check issuer and client id ("sesame profile show"); if they are right, ask the administrator of the provider.'

/**
 * Checks an ID token before it is used (OpenID Connect Core sections 3.1.3.7 and 12.2). openid-client does not verify the
 * signature of one that came over TLS, and its optional check of it takes keys of any size; a token must be refused that a proxy
 * in between has made (case 26). So it goes through the verifier of `sesame token verify`, which compares issuer, audience and
 * times once more, and says in words what differs. Beyond openid-client it checks the signature, `azp` of a single audience, `iat`
 * in the future, `typ` and the form; here `sub` is added, and the nonce again, to name it.
 *
 * @throws SesameError ERR_TOKEN_INVALID; ERR_SERVER when the keys cannot be fetched: no network error, as the code
 *   that was redeemed is used up and a repetition would not help
 */
export async function checkIdToken(
  provider: OidcProvider,
  token: string,
  answer: JsonAnswer,
  { nonce, previousSubject }: IdTokenChecks,
): Promise<IdToken> {
  const { issuer, context } = provider
  const now = context.clock.now()
  const claims = await verify(provider, token, answer.serverDate ?? now).catch((error: unknown) => {
    throw unverified(error, provider, { ...answer, hint: demandOfIdToken(token) })
  })
  if (nonce !== undefined && claims.nonce !== nonce)
    throw refused(issuer, 'it belongs to another sign-in (nonce)', answer)
  if (previousSubject !== undefined && claims.sub !== previousSubject)
    throw refused(issuer, 'it is for another user than the one who signed in (sub)', answer)
  const { sub: subject = '', iat = 0, exp } = claims
  if (subject === '') throw refused(issuer, 'it names no user (sub)', answer)
  const lifetime = {
    obtainedAt: new Date(iat * 1000),
    expiresAt: new Date(exp * 1000),
    clock: measureClock(answer.serverDate, now, context.clock.bootedAt()),
  }
  return { token: new Secret(token), lifetime, userName: userNameOf(claims, subject) }
}

async function verify(
  { issuer, client: { clientId }, metadata, keys, context: { clock, signal } }: OidcProvider,
  token: string,
  now: Date,
): Promise<VerifiedClaims> {
  const options = {
    issuer,
    audience: clientId,
    authorizedParty: clientId,
    requiredClaims: ['sub', 'iat'],
    algorithms: readAlgorithms(metadata.id_token_signing_alg_values_supported),
    jwks: keys,
    now,
  }
  const retries = { clock, signal, totalMs: keysWithinMs, random: () => 1 }
  return (await retryTransient(retries, () => verifyWithSource(token, options, clock))).claims
}

/**
 * The announced algorithms with public keys (OpenID Connect Core section 3.1.3.7 leaves the choice to the provider); RS256 where
 * it announces none (OpenID Connect Dynamic Client Registration 1.0 section 2).
 */
function readAlgorithms(announced: unknown): string[] {
  const usable = Array.isArray(announced)
    ? announced.filter((name) => signatureAlgorithms.includes(name))
    : []
  return usable.length > 0 ? usable : ['RS256']
}

function userNameOf({ preferred_username, email }: VerifiedClaims, subject: string): string {
  const name = [preferred_username, email].find((each) => typeof each === 'string' && each !== '')
  return printable(typeof name === 'string' ? name : subject, 200)
}

/** The answer that a refused token came in, and what to do where it is known better than in general. */
type Blamed = JsonAnswer & { hint?: string | undefined }

function unverified(error: unknown, { issuer, context }: OidcProvider, answer: Blamed): unknown {
  if (context.signal.aborted) return context.signal.reason
  if (isSesameError(error, 'ERR_TOKEN_INVALID')) return refused(issuer, error.message, answer, error)
  if (!isSesameError(error)) return error
  return new SesameError('ERR_SERVER', `Signed in, but the ID token cannot be checked: ${error.message}`, {
    cause: error,
    ...(error.hint !== undefined && { hint: error.hint }),
  })
}

function refused(
  issuer: string,
  reason: string,
  { requestId, hint = generalHint }: Blamed,
  cause?: SesameError,
): SesameError {
  return new SesameError(
    'ERR_TOKEN_INVALID',
    `The ID token from ${issuer} is refused: ${reason.replace(/\.$/, '')}.`,
    {
      hint,
      requestId,
      cause,
    },
  )
}
