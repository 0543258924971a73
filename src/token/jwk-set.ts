import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { keyKindOf } from './signature-algorithms.ts'

/** A public key as JSON (RFC 7517 section 4). */
export interface Jwk {
  kty?: unknown
  kid?: unknown
  alg?: unknown
  use?: unknown
  [name: string]: unknown
}

/** A set of keys (RFC 7517 section 5). */
export interface JwkSet {
  keys: readonly Jwk[]
}

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

/** NIST SP 800-131A and RFC 7518 section 3.3. */
const minRsaBits = 2048
/** A set without key ids is tried through; no issuer has more keys in use. */
const maxTried = 16

/** The members of a set; undefined when it is none. Members that are no objects are left out. */
export function readJwkSet(value: unknown): JwkSet | undefined {
  if (!isRecord(value) || !Array.isArray(value.keys)) return undefined
  return { keys: value.keys.filter(isRecord) }
}

/**
 * The keys of a set that a token with this algorithm and key id may have been signed with. A key that is meant for
 * something else, weak or broken is passed over (RFC 7517 section 5).
 */
export function chooseKeys({ keys }: JwkSet, { alg, kid }: WantedKey): KeyChoice {
  const named = kid === undefined ? keys : keys.filter((jwk) => jwk.kid === kid)
  const judged = named.map((jwk) => usableKey(jwk, alg))
  const usable = judged.filter((each) => typeof each !== 'string')
  if (usable.length > 0) return { keys: usable.slice(0, maxTried) }
  const refusal = judged.find((each) => typeof each === 'string')
  return refusal === undefined ? { keys: [] } : { keys: [], refusal }
}

/** The key, or why it cannot be taken for an algorithm. */
export function usableKey(jwk: Jwk, alg: string): KeyObject | string {
  const kind = keyKindOf(alg)
  if (kind === undefined || jwk.kty !== kind.kty || (kind.crv !== undefined && jwk.crv !== kind.crv))
    return `is not for ${alg}`
  if (jwk.alg !== undefined && jwk.alg !== alg) return `is not for ${alg}`
  if (jwk.use !== undefined && jwk.use !== 'sig') return 'is not for signatures'
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify')))
    return 'is not for verifying'
  if (jwk.d !== undefined) return 'is a private key'
  return importKey(jwk)
}

const imported = new WeakMap<Jwk, KeyObject | string>()

function importKey(jwk: Jwk): KeyObject | string {
  const key = imported.get(jwk) ?? importAnew(jwk)
  imported.set(jwk, key)
  return key
}

function importAnew(jwk: Jwk): KeyObject | string {
  let key: KeyObject
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  } catch (error) {
    // Node speaks of a missing or wrong member in many ways; what was no key stays none.
    if (error instanceof Error) return 'cannot be read'
    throw error
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (modulusLength !== undefined && modulusLength < minRsaBits)
    return `is too weak (RSA with ${modulusLength} bits)`
  return publicExponent !== undefined && publicExponent < 3n ? 'is too weak (RSA exponent)' : key
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
