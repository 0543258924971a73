import type { KeyObject } from 'node:crypto'
import { isRecord } from '../kit/index.ts'
import { importKey, type Jwk, type ReadJwk, readJwk, unfitFor } from './jwk.ts'

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
  if (!Array.isArray(keys)) return 'is no JWK Set'
  if (keys.length > maxKeys) return `holds more than ${maxKeys} keys`
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
