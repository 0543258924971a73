import type { KeyObject } from 'node:crypto'
import { TokenInvalidError } from './token-invalid-error.ts'

/**
 * Checks the signature of a compact JWS with each of the keys in turn. Loads jose with the first token.
 *
 * @throws TokenInvalidError `signature` when none of them fits
 */
export async function verifySignature(token: string, alg: string, keys: readonly KeyObject[]): Promise<void> {
  const { compactVerify, errors } = await import('jose')
  for (const key of keys) {
    try {
      await compactVerify(token, key, { algorithms: [alg] })
      return
    } catch (error) {
      // Perhaps it was made with another key of the set.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
    }
  }
  throw new TokenInvalidError('signature', 'The signature of the token does not fit.')
}
