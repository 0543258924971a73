import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import { takeRsaKey } from '../rsa-key-pool.ts'

/** A private key of a server, as a JWK, until the server is closed. */
export interface SigningKey {
  jwk: JWK
  giveBack(): void
}

/** A private key with a new `kid`. */
export async function makeSigningKey(algorithm: 'RS256' | 'ES256'): Promise<SigningKey> {
  const members = { kid: randomUUID(), alg: algorithm, use: 'sig' }
  if (algorithm === 'ES256') {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { jwk: { ...privateKey.export({ format: 'jwk' }), ...members } as JWK, giveBack: () => {} }
  }
  const { privateKey, giveBack } = await takeRsaKey()
  const jwk = { ...privateKey.export({ format: 'jwk' }), ...members } as JWK
  return { jwk, giveBack }
}

/** The public members of a key. */
export function publicPart(key: JWK): JWK {
  const { kty, kid, alg, use, crv, x, y, n, e } = key
  return JSON.parse(JSON.stringify({ kty, kid, alg, use, crv, x, y, n, e })) as JWK
}
