import { createHash, randomBytes } from 'node:crypto'
import { Secret } from '../kit/index.ts'

/** A proof key for one login (RFC 7636): the challenge goes out first, the verifier redeems the code. */
export interface PkcePair {
  codeVerifier: Secret
  codeChallenge: string
  codeChallengeMethod: 'S256'
}

/** A fresh pair: 32 random bytes as 43 unreserved characters (RFC 7636 section 4.1), method S256. */
export function createPkcePair(): PkcePair {
  const codeVerifier = new Secret(randomBytes(32).toString('base64url'))
  return { codeVerifier, codeChallenge: challengeOf(codeVerifier.reveal()), codeChallengeMethod: 'S256' }
}

/** BASE64URL(SHA256(ASCII(code_verifier))), RFC 7636 section 4.2. */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier, 'ascii').digest('base64url')
}
