import { type Lifetime, printable, Secret, SesameError, t } from '../kit/index.ts'

/** What a sign-in yields: a bearer token and its lifetime; OIDC providers give more. */
export interface TokenSet {
  accessToken: Secret
  lifetime: Lifetime
  refreshToken?: Secret
  idToken?: IdToken
}

/** An ID token whose signature and claims were checked when it came (OIDC Core section 3.1.3.7). */
export interface IdToken {
  token: Secret
  /** From its own `iat` and `exp`. */
  lifetime: Lifetime
  /** The name of the user: `preferred_username`, else `email`, else the same or `name` at the UserInfo endpoint, else `sub`. */
  userName: string
}

const longestTokenLength = 64 * 1024

/**
 * Checks a bearer token before it is used: text of at most 64 kB without white space or control characters, since
 * it travels in a header (RFC 6750 section 2.1), and the type `Bearer`. A missing type is refused too.
 * `hint` says what to do about another type. Errors: ERR_RESPONSE_INVALID.
 */
export function readBearerToken(
  accessToken: unknown,
  tokenType: unknown,
  requestId: string | undefined,
  hint?: string,
): Secret {
  if (
    typeof accessToken !== 'string' ||
    !/^[\x21-\x7e]+$/.test(accessToken) ||
    accessToken.length > longestTokenLength
  ) {
    throw invalid(t('no usable access token'), requestId)
  }
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') {
    throw invalid(t('an access token that is not of type Bearer'), requestId, hint)
  }
  return new Secret(accessToken)
}

function invalid(what: string, requestId: string | undefined, hint?: string): SesameError {
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    t('The server answered the sign-in with {what}.', { what }),
    {
      requestId,
      ...(hint !== undefined && { hint }),
    },
  )
}

/** The name of a user among their claims (OpenID Connect Core section 5.1): what they sign in with, rather than what they are called. */
export function nameIn(claims: Record<string, unknown>, ...others: readonly string[]): string | undefined {
  const name = ['preferred_username', 'email', ...others]
    .map((claim) => claims[claim])
    .find((each) => typeof each === 'string' && each !== '')
  return typeof name === 'string' ? printable(name, 200) : undefined
}
