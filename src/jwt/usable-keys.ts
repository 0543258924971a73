import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { t } from '../kit/index.ts'
import type { ReadJwk, ReadJwkSet } from './jwk-set.ts'

/** What a token says about the key that it was signed with. */
export interface WantedKey {
  alg: string
  /** Undefined: any key may be the one. */
  kid: string | undefined
}

/** Keys that may verify a token; when there are none, `refusal` says why the nearest was not taken. */
export interface KeyChoice {
  keys: readonly KeyObject[]
  refusal?: string
}

/** A set without key ids is tried through; no issuer has more keys in use. */
export const maxTried: number = 16

/**
 * The keys of a set that a token with this algorithm and key id may have been signed with. A key that is meant for
 * something else, weak or broken is passed over (RFC 7517 section 5).
 *
 * @param most at most so many keys are imported, as importing costs more than verifying
 */
export function chooseKeys(
  { keys }: ReadJwkSet,
  { alg, kid }: WantedKey,
  most: number = maxTried,
): KeyChoice {
  const chosen: KeyObject[] = []
  let refusal: string | undefined
  let tried = 0
  for (const jwk of keys) {
    if (kid !== undefined && jwk.kid !== kid) continue
    const unfit = unfitFor(jwk, alg)
    if (unfit === undefined && ++tried > maxTried) break
    const key = unfit ?? importKey(jwk)
    if (typeof key === 'string') refusal ??= key
    else if (chosen.push(key) === most) break
  }
  if (chosen.length > 0 || refusal === undefined) return { keys: chosen }
  return { keys: [], refusal }
}

/** Why a key is not for an algorithm, by what it says of itself; undefined when it may be. */
function unfitFor(jwk: ReadJwk, alg: string): string | undefined {
  const kind = keyKindOf(alg)
  if (kind === undefined || jwk.kty !== kind.kty || (kind.crv !== undefined && jwk.crv !== kind.crv))
    return t('is not for {algorithm}', { algorithm: alg })
  if (jwk.alg !== undefined && jwk.alg !== alg) return t('is not for {algorithm}', { algorithm: alg })
  if (jwk.use !== undefined && jwk.use !== 'sig') return t('is not for signatures')
  if (!jwk.mayVerify) return t('is not for verifying')
  return jwk.isSecret ? t('is a private key') : undefined
}

const imported = new WeakMap<ReadJwk, KeyObject | string>()

/** The key itself, or why it cannot be taken. Costs up to two milliseconds the first time. */
function importKey(jwk: ReadJwk): KeyObject | string {
  const key = imported.get(jwk) ?? importAnew(jwk)
  imported.set(jwk, key)
  return key
}

/** The key, or why it cannot be taken for an algorithm. */
export function usableKey(jwk: ReadJwk, alg: string): KeyObject | string {
  return unfitFor(jwk, alg) ?? importKey(jwk)
}

function importAnew({ kty, crv, n, e, x, y }: ReadJwk): KeyObject | string {
  try {
    const key = createPublicKey({ key: { kty, crv, n, e, x, y } as JsonWebKey, format: 'jwk' })
    return weaknessOf(key) ?? key
  } catch (error) {
    // Node speaks of a missing or wrong member in many ways; what was no key stays none.
    if (error instanceof Error) return t('cannot be read')
    throw error
  }
}

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

/** Whether a key object is a public key of the kind that an algorithm works with. */
export function isKeyFor(key: KeyObject, alg: string): boolean {
  const kind = keyKindOf(alg)
  if (kind === undefined || key.type !== 'public') return false
  if (kind.kty === 'RSA') return key.asymmetricKeyType === 'rsa'
  if (kind.kty === 'OKP') return key.asymmetricKeyType === 'ed25519'
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === kind.openssl
}

/** NIST SP 800-131A and RFC 7518 section 3.3. */
const minRsaBits = 2048
/** What OpenSSL verifies with; a longer key costs time and adds nothing. */
const maxRsaBits = 16_384
/** FIPS 186-5 section 5.4. */
const maxRsaExponent = 2n ** 256n

const checked = new WeakMap<KeyObject, string>()

/**
 * The points whose order divides eight, by their y-coordinate: little-endian, without the sign bit of x. Such a point as public
 * key accepts signatures that were made without a private key (RFC 8725 section 3.2).
 */
const smallOrder: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** Why a public key must not be trusted, whatever it has signed (RFC 8725 section 3.2); undefined for a good one. */
export function weaknessOf(key: KeyObject): string | undefined {
  // '' for a good one: a Map's undefined would say "not checked".
  const known = checked.get(key) ?? check(key) ?? ''
  checked.set(key, known)
  return known === '' ? undefined : known
}

function check(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType === 'rsa') return checkRsa(key)
  if (key.asymmetricKeyType !== 'ed25519') return undefined
  return isWeakPoint(memberOf(key, 'x')) ? t('is too weak (Ed25519 point of small order)') : undefined
}

function checkRsa(key: KeyObject): string | undefined {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < minRsaBits) return t('is too weak (RSA with {bits} bits)', { bits: modulusLength })
  if (modulusLength > maxRsaBits) return t('is too long (RSA with {bits} bits)', { bits: modulusLength })
  const oddInRange = publicExponent >= 3n && publicExponent < maxRsaExponent && publicExponent % 2n === 1n
  if (!oddInRange) return t('is too weak (RSA exponent)')
  const lastByte = memberOf(key, 'n').at(-1) ?? 0
  return lastByte % 2 === 1 ? undefined : t('is too weak (RSA modulus)')
}

function memberOf(key: KeyObject, name: 'n' | 'x'): Buffer {
  return Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url')
}

/** True for 32 bytes that are no spelling of a point that RFC 8032 section 5.1.3 takes, or one of small order. */
function isWeakPoint(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return true
  const y = Buffer.from(publicKey)
  y[31] = (y[31] ?? 0) & 0x7f
  return isAtLeastPrime(y) || smallOrder.has(y.toString('hex'))
}

/** y >= 2^255 - 19: a second spelling of y - p, among them two of the points above. */
function isAtLeastPrime(y: Buffer): boolean {
  return y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff) && (y[0] ?? 0) >= 0xed
}
