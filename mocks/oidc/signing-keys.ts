import { generateKeyPair, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import type { JWK } from 'jose'

const generate = promisify(generateKeyPair)

/** A new private key with a `kid`, as a JWK. */
export async function makeSigningKey(algorithm: 'RS256' | 'ES256'): Promise<JWK> {
  const { privateKey } =
    algorithm === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: algorithm, use: 'sig' } as JWK
}

/** What of a key everybody may know. */
export function publicPart(key: JWK): JWK {
  const { kty, kid, alg, use, crv, x, y, n, e } = key
  return JSON.parse(JSON.stringify({ kty, kid, alg, use, crv, x, y, n, e })) as JWK
}
