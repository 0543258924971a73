import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { isRecord, t } from '../kit/index.ts'
import { keyKindOf, weaknessOf } from './key-strength.ts'

/** A set of keys (RFC 7517 section 5). */
export interface JwkSet {
  keys: readonly Jwk[]
}

/** A set that has been read. */
export interface ReadJwkSet {
  readonly keys: readonly ReadJwk[]
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

/** A set without key ids is tried through; no issuer has more keys in use. */
export const maxTried: number = 16
/** Far more than any issuer publishes, few enough to be looked through for each token. */
const maxKeys = 2_000

/** The keys of a set, or what is wrong with it. Members that are no objects are left out. */
export function readJwkSet(value: unknown): ReadJwkSet | string {
  const keys = isRecord(value) ? value.keys : undefined
  if (!Array.isArray(keys)) return t('is no JWK Set')
  if (keys.length > maxKeys) return t('holds more than {count} keys', { count: maxKeys })
  return { keys: keys.filter(isRecord).map(readJwk) }
}

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

/** A public key as JSON (RFC 7517 section 4). */
export interface Jwk {
  kty?: unknown
  kid?: unknown
  alg?: unknown
  use?: unknown
  [name: string]: unknown
}

/** The members of a JWK that count, each read once: what the caller changes afterwards changes nothing here. */
export interface ReadJwk {
  readonly kid: unknown
  readonly kty: unknown
  readonly alg: unknown
  readonly use: unknown
  readonly crv: unknown
  readonly n: unknown
  readonly e: unknown
  readonly x: unknown
  readonly y: unknown
  /** It holds a private or symmetric part. */
  readonly isSecret: boolean
  /** `key_ops` is absent or has `verify`. */
  readonly mayVerify: boolean
}

const readBefore = new WeakMap<object, ReadJwk>()
const imported = new WeakMap<ReadJwk, KeyObject | string>()

/** Reads a JWK. An object that says what it said before gives the same result, so that its key is imported once. */
export function readJwk(jwk: Jwk): ReadJwk {
  const { kid, kty, alg, use, crv, n, e, x, y, d, k, key_ops: ops } = jwk
  const isSecret = d !== undefined || k !== undefined
  const mayVerify = ops === undefined || (Array.isArray(ops) && ops.includes('verify'))
  const read: ReadJwk = { kid, kty, alg, use, crv, n, e, x, y, isSecret, mayVerify }
  const before = readBefore.get(jwk)
  if (before !== undefined && isSame(before, read)) return before
  readBefore.set(jwk, read)
  return read
}

function isSame(a: ReadJwk, b: ReadJwk): boolean {
  const { kid, kty, alg, use, crv, n, e, x, y, isSecret, mayVerify } = a
  const material = kty === b.kty && crv === b.crv && n === b.n && e === b.e && x === b.x && y === b.y
  const purpose = alg === b.alg && use === b.use && isSecret === b.isSecret && mayVerify === b.mayVerify
  return kid === b.kid && material && purpose
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
