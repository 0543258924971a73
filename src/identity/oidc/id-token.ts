import { foreignText, type JsonAnswer, retryTransient } from '../../http/index.ts'
import {
  signatureAlgorithms,
  TokenInvalidError,
  type VerifiedClaims,
  verifyWithSource,
} from '../../jwt/index.ts'
import {
  asRecord,
  asText,
  isSesameError,
  measureClock,
  parseForeignJson,
  printable,
  Secret,
  SesameError,
  t,
} from '../../kit/index.ts'
import { type IdToken, nameIn } from '../token-set.ts'
import type { OidcProvider } from './provider.ts'

/** What else an ID token must say, where the caller knows it. */
export interface IdTokenChecks {
  /** Of the authorization request (code grant). */
  nonce?: string
  /** `sub` of the ID token of the sign-in (refresh). */
  previousSubject?: string | undefined
  /** The name of that user, for a token that has none. */
  previousUserName?: string | undefined
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
  { nonce, previousSubject, previousUserName }: IdTokenChecks,
): Promise<IdToken> {
  const { issuer, context } = provider
  const now = context.clock.now()
  const claims = await verify(provider, token, answer.serverDate ?? now).catch((error: unknown) => {
    throw unverified(error, provider, { answer, token })
  })
  if (nonce !== undefined && claims.nonce !== nonce)
    throw claims.nonce === undefined
      ? refused(issuer, t('it has no nonce, which would tie it to this sign-in'), answer, {
          hint: t(withoutNonce),
        })
      : refused(issuer, t('it belongs to another sign-in (nonce)'), answer)
  if (previousSubject !== undefined && claims.sub !== previousSubject)
    throw refused(issuer, t('it is for another user than the one who signed in (sub)'), answer)
  const { sub: subject = '', iat = 0, exp } = claims
  if (subject === '') throw refused(issuer, t('it names no user (sub)'), answer)
  const lifetime = {
    obtainedAt: new Date(iat * 1000),
    expiresAt: new Date(exp * 1000),
    clock: measureClock(answer.serverDate, now, context.clock.bootedAt()),
  }
  const userName = nameIn(claims) ?? previousUserName ?? printable(subject, 200)
  return { token: new Secret(token), lifetime, userName }
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

const withoutNonce =
  'The provider must put the nonce of the request into the token (OpenID Connect Core 3.1.3.6); until it does, use --flow device.'

/** What is known of a token that was refused. */
interface Blamed {
  answer: JsonAnswer
  token: string
}

function unverified(error: unknown, provider: OidcProvider, { answer, token }: Blamed): unknown {
  const { issuer, context, metadata } = provider
  if (context.signal.aborted) return context.signal.reason
  const demand = demandOfIdToken(token)
  if (demand !== undefined && isSesameError(error, 'ERR_TOKEN_INVALID'))
    return refused(issuer, error.message, answer, { hint: demand, cause: error })
  if (error instanceof TokenInvalidError && error.reason === 'algorithm') {
    const hint = aboutAlgorithm(metadata.id_token_signing_alg_values_supported)
    return refused(issuer, error.message, answer, { hint, cause: error })
  }
  if (isSesameError(error, 'ERR_TOKEN_INVALID'))
    return refused(issuer, error.message, answer, { cause: error })
  if (!isSesameError(error)) return error
  return new SesameError(
    'ERR_SERVER',
    t('Signed in, but the ID token cannot be checked: {message}', { message: error.message }),
    {
      cause: error,
      ...(error.hint !== undefined && { hint: error.hint }),
    },
  )
}

/** Issuer and client id are right then. What is accepted is what the provider announces. */
function aboutAlgorithm(announced: unknown): string {
  const list = Array.isArray(announced) ? foreignText(announced.join(', '), 100) : ''
  return list === ''
    ? t(
        'Its discovery document announces none, which means RS256: it has to announce what it signs with (id_token_signing_alg_values_supported).',
      )
    : t(
        'Its discovery document announces {list}: it has to announce what it signs with (id_token_signing_alg_values_supported).',
        { list },
      )
}

function refused(
  issuer: string,
  reason: string,
  { requestId }: JsonAnswer,
  { hint = t(generalHint), cause }: { hint?: string | undefined; cause?: SesameError } = {},
): SesameError {
  return new SesameError(
    'ERR_TOKEN_INVALID',
    t('The ID token from {issuer} is refused: {reason}.', { issuer, reason: reason.replace(/\.$/, '') }),
    {
      hint,
      requestId,
      cause,
    },
  )
}

/** The same of an ID token, by its form and the algorithm in its header, which nothing has vouched for. */
function demandOfIdToken(token: string): string | undefined {
  const parts = token.split('.', 6)
  if (parts.length === 5)
    return t(
      'The provider encrypts ID tokens, and sesame has no key to read them: have that switched off for this client (id_token_encrypted_response_alg).',
    )
  const header = asRecord(parseForeignJson(Buffer.from(parts[0] ?? '', 'base64url').toString())?.value)
  const alg = asText(header?.alg)
  if (parts.length !== 3 || alg === undefined || signatureAlgorithms.includes(alg)) return undefined
  return t(
    'sesame takes only ID tokens that are signed with a private key: choose RS256 or ES256 for this client at the provider (id_token_signed_response_alg).',
  )
}
