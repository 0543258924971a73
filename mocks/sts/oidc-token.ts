import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import type { StsOidcProvider } from './options.ts'
import { refuseWith } from './refusal.ts'

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512']

/**
 * Verifies an ID token against a registered provider: shape, algorithm, signature, issuer, expiry (without tolerance),
 * audience.
 *
 * @throws StsRefusal AuthenticationFail.OIDCToken.*
 */
export async function verifyOidcToken(
  token: string,
  provider: StsOidcProvider,
  now: Date,
): Promise<JWTPayload> {
  if (token.length < 4 || token.length > 20_000) refuseWith('AuthenticationFail.OIDCToken.Invalid')
  if (token.split('.').length !== 3) {
    const message = "The number of Jwt field should be divided into 3 parts with '.' ."
    refuseWith('AuthenticationFail.OIDCToken.Invalid', message)
  }
  try {
    const { alg } = decodeProtectedHeader(token)
    if (alg === undefined || !algorithms.includes(alg)) {
      const message = `The algorithm ${alg} that be specified in Jwt header is unknown.`
      refuseWith('AuthenticationFail.OIDCToken.Invalid', message)
    }
    const options = { algorithms, issuer: provider.issuer, audience: provider.clientIds, currentDate: now }
    const required = { requiredClaims: ['exp', 'iat', 'sub', 'aud'] }
    return (await jwtVerify(token, keysOf(provider), { ...options, ...required })).payload
  } catch (error) {
    return refuseFor(error)
  }
}

function keysOf({ keys }: StsOidcProvider) {
  if (typeof keys !== 'string') return createLocalJWKSet(keys)
  const url = new URL(keys)
  if (!/^(?:127(?:\.\d+){3}|\[::1\]|localhost)$/.test(url.hostname)) {
    throw new Error(`the keys of a provider must be on loopback, not at ${url.host}`)
  }
  return createRemoteJWKSet(url)
}

function refuseFor(error: unknown): never {
  if (error instanceof errors.JWTExpired) refuseWith('AuthenticationFail.OIDCToken.Expired')
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    refuseWith('AuthenticationFail.OIDCToken.AudienceNotMatch')
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss') {
    refuseWith('AuthenticationFail.OIDCToken.IssuerNotMatch')
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    refuseWith('AuthenticationFail.OIDCToken.InvalidSignature')
  }
  if (error instanceof errors.JWKSTimeout) refuseWith('AuthenticationFail.OIDCToken.HttpsUrlInvalid')
  // What is no JWT: jose's own errors, and the TypeError of its header decoder.
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    refuseWith('AuthenticationFail.OIDCToken.Invalid')
  }
  throw error
}
