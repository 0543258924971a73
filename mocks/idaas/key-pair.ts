import { type KeyObject, randomBytes, sign } from 'node:crypto'
import { takeRsaKey } from '../rsa-key-pool.ts'
import { makeRsaCertificate } from './rsa-certificate.ts'

/** The application's public key in the spellings that people paste: each a text. */
export interface PublicKeyTexts {
  /** One JSON Web Key (RFC 7517), as the application's details page shows it. */
  jwk: string
  /** A JWK Set with that key. */
  jwks: string
  /** PEM, SubjectPublicKeyInfo. */
  pem: string
  /** PEM, a self-signed X.509 certificate. */
  certificate: string
}

/** The key pair that an application signs with; the private half never leaves the process. */
export interface KeyPair {
  publicKey: PublicKeyTexts
  /** Makes a JWS in compact form with RS256 (RFC 7515 section 7.1). */
  signToken(claims: object): string
  /** The server is closed. */
  giveBack(): void
}

export async function makeKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey, giveBack } = await takeRsaKey()
  const keyId = randomBytes(10).toString('hex')
  const { n, e } = publicKey.export({ format: 'jwk' })
  const jwk = { kty: 'RSA', kid: keyId, use: 'sig', alg: 'RS256', n, e }
  return {
    publicKey: {
      jwk: JSON.stringify(jwk),
      jwks: JSON.stringify({ keys: [jwk] }),
      pem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
      certificate: makeRsaCertificate('sesame mock IDaaS application', publicKey, privateKey),
    },
    signToken: (claims) => signCompact({ alg: 'RS256', kid: keyId }, claims, privateKey),
    giveBack,
  }
}

function signCompact(header: object, claims: object, key: KeyObject): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}
