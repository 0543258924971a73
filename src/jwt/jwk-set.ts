import { isRecord, t } from '../kit/index.ts'

/** A set of keys (RFC 7517 section 5). */
export interface JwkSet {
  keys: readonly Jwk[]
}

/** A set that has been read. */
export interface ReadJwkSet {
  readonly keys: readonly ReadJwk[]
}

/** Far more than any issuer publishes, few enough to be looked through for each token. */
const maxKeys = 2_000

/** The keys of a set, or what is wrong with it. Members that are no objects are left out. */
export function readJwkSet(value: unknown): ReadJwkSet | string {
  const keys = isRecord(value) ? value.keys : undefined
  if (!Array.isArray(keys)) return t('is no JWK Set')
  if (keys.length > maxKeys) return t('holds more than {count} keys', { count: maxKeys })
  return { keys: keys.filter(isRecord).map(readJwk) }
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
