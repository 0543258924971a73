import type { KeyObject } from 'node:crypto'
import { isWeakPoint } from './ed25519-point.ts'
import { keyKindOf } from './signature-algorithms.ts'

/** NIST SP 800-131A and RFC 7518 section 3.3. */
const minRsaBits = 2048
/** What OpenSSL verifies with; a longer key costs time and adds nothing. */
const maxRsaBits = 16_384
/** FIPS 186-5 section 5.4. */
const maxRsaExponent = 2n ** 256n

const judged = new WeakMap<KeyObject, string>()

/** Why a public key must not be trusted, whatever it has signed (RFC 8725 section 3.2); undefined for a good one. */
export function weaknessOf(key: KeyObject): string | undefined {
  // '' for a good one: a Map's undefined would say "not judged".
  const known = judged.get(key) ?? judge(key) ?? ''
  judged.set(key, known)
  return known === '' ? undefined : known
}

/** Whether a key object is a public key of the kind that an algorithm works with. */
export function isKeyFor(key: KeyObject, alg: string): boolean {
  const kind = keyKindOf(alg)
  if (kind === undefined || key.type !== 'public') return false
  if (kind.kty === 'RSA') return key.asymmetricKeyType === 'rsa'
  if (kind.kty === 'OKP') return key.asymmetricKeyType === 'ed25519'
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === kind.openssl
}

function judge(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType === 'rsa') return judgeRsa(key)
  if (key.asymmetricKeyType !== 'ed25519') return undefined
  return isWeakPoint(memberOf(key, 'x')) ? 'is too weak (Ed25519 point of small order)' : undefined
}

function judgeRsa(key: KeyObject): string | undefined {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < minRsaBits) return `is too weak (RSA with ${modulusLength} bits)`
  if (modulusLength > maxRsaBits) return `is too long (RSA with ${modulusLength} bits)`
  const oddInRange = publicExponent >= 3n && publicExponent < maxRsaExponent && publicExponent % 2n === 1n
  if (!oddInRange) return 'is too weak (RSA exponent)'
  const lastByte = memberOf(key, 'n').at(-1) ?? 0
  return lastByte % 2 === 1 ? undefined : 'is too weak (RSA modulus)'
}

function memberOf(key: KeyObject, name: 'n' | 'x'): Buffer {
  return Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url')
}
