import { Secret, SesameError } from '../kit/index.ts'

const longestTokenLength = 64 * 1024

/**
 * Checks a bearer token before it is used: text of at most 64 kB without white space or control characters, since
 * it travels in a header (RFC 6750 section 2.1), and the type `Bearer`. A missing type is refused too.
 */
export function readBearerToken(
  accessToken: unknown,
  tokenType: unknown,
  requestId: string | undefined,
): Secret {
  if (
    typeof accessToken !== 'string' ||
    !/^[\x21-\x7e]+$/.test(accessToken) ||
    accessToken.length > longestTokenLength
  ) {
    throw invalid('no usable access token', requestId)
  }
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') {
    throw invalid('an access token that is not of type Bearer', requestId)
  }
  return new Secret(accessToken)
}

function invalid(what: string, requestId: string | undefined): SesameError {
  return new SesameError('ERR_RESPONSE_INVALID', `The server answered the sign-in with ${what}.`, {
    requestId,
  })
}
