import { expect } from 'vitest'
import {
  TokenInvalidError,
  type TokenInvalidReason,
  type VerifiedJwt,
  type VerifyJwtOptions,
  verifyJwt,
} from '../../../src/jwt/index.ts'
import { failureOf } from '../../http/support/open-fetch.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import {
  audience,
  goodClaims,
  issuedAt,
  issuer,
  jwkSet,
  makeKey,
  type SigningKey,
  signToken,
} from '../../support/token-issuer.ts'

/** The one key that the verifier trusts unless a test says otherwise. */
export const key: SigningKey = makeKey()
/** Addresses that a verification wanted to fetch from. */
export const requests: string[] = []
export const world = {
  clock: fakeClock(issuedAt),
  fetch: async (url: string) => {
    requests.push(url)
    throw new Error('no network here')
  },
}

export type Overrides = Partial<VerifyJwtOptions>

/** Verifies with issuer, audience and key of the good token. */
export function verify(token: string, options: Overrides = {}): Promise<VerifiedJwt> {
  const keys = 'publicKey' in options || 'jwks' in options ? {} : { jwks: jwkSet(key) }
  return verifyJwt(token, { issuer, audience, ...keys, ...options }, world)
}

/** Why a token is refused; the message must not hold the token or its signature. */
export async function refusalOf(token: string, options: Overrides = {}): Promise<TokenInvalidReason> {
  const error = await failureOf(verify(token, options))
  if (!(error instanceof TokenInvalidError)) throw error
  expect(error.code).toBe('ERR_TOKEN_INVALID')
  for (const part of token.split('.')) if (part.length > 20) expect(error.message).not.toContain(part)
  expect(error.message).toMatch(/^[^\n]{10,500}$/)
  return error.reason
}

/** Work, not time: other processes on a busy machine do not count. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

export const withClaims = (claims: Record<string, unknown>) => signToken(key, { ...goodClaims, ...claims })
export const withHeader = (header: Record<string, unknown>) => signToken(key, goodClaims, header)
