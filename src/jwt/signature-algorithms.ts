/** The key that an algorithm of RFC 7518 section 3.1 or RFC 8037 works with. */
interface KeyKind {
  kty: 'RSA' | 'EC' | 'OKP'
  crv?: string
  /** OpenSSL's name of the curve. */
  openssl?: string
}

const rsa: KeyKind = { kty: 'RSA' }
const ed25519: KeyKind = { kty: 'OKP', crv: 'Ed25519' }

/** What tokens may be signed with: public keys only, so that who verifies cannot sign. */
const keyKinds: ReadonlyMap<string, KeyKind> = new Map([
  ['RS256', rsa],
  ['RS384', rsa],
  ['RS512', rsa],
  ['PS256', rsa],
  ['PS384', rsa],
  ['PS512', rsa],
  ['ES256', { kty: 'EC', crv: 'P-256', openssl: 'prime256v1' }],
  ['ES384', { kty: 'EC', crv: 'P-384', openssl: 'secp384r1' }],
  ['ES512', { kty: 'EC', crv: 'P-521', openssl: 'secp521r1' }],
  ['EdDSA', ed25519],
  ['Ed25519', ed25519],
])

export const signatureAlgorithms: readonly string[] = [...keyKinds.keys()]

/** The kind of key for an algorithm; undefined for `none`, HMAC and everything unknown. */
export function keyKindOf(algorithm: string): KeyKind | undefined {
  return keyKinds.get(algorithm)
}
