import { KeyObject } from 'node:crypto'
import { misuse, printable, t } from '../kit/index.ts'
import type { JwksSource } from './jwks-source.ts'
import { isKeyFor, type KeyChoice, maxTried, type WantedKey, weaknessOf } from './usable-keys.ts'
import type { KeysFor } from './verify-jwt.ts'

/** The keys of a source, which may be the caller's own; undefined for what is no source. */
export function keysOfSource(jwks: unknown): KeysFor | undefined {
  if (!isSource(jwks)) return undefined
  return async (wanted) => readKeyChoice(await jwks.keysFor({ ...wanted }), wanted)
}

function isSource(jwks: unknown): jwks is JwksSource {
  return typeof jwks === 'object' && jwks !== null && 'keysFor' in jwks && typeof jwks.keysFor === 'function'
}

/**
 * What a source of keys gave: public keys of the right kind, none of them weak. A key that
 * `jwks` would not be taken for is not taken from here either.
 *
 * @throws SesameError ERR_USAGE for anything else than a choice of keys
 */
function readKeyChoice(choice: unknown, { alg }: WantedKey): KeyChoice {
  if (typeof choice !== 'object' || choice === null || !('keys' in choice)) throw noChoice(choice)
  const { keys, refusal } = choice as { keys: unknown; refusal?: unknown }
  if (!Array.isArray(keys) || (refusal !== undefined && typeof refusal !== 'string')) throw noChoice(choice)
  const tried = Array.from<unknown>(keys).slice(0, maxTried)
  if (!tried.every((key): key is KeyObject => key instanceof KeyObject && isKeyFor(key, alg)))
    throw misuse('jwks.keysFor', t('a function that gives public keys for {algorithm}', { algorithm: alg }))
  const weakness = tried.map(weaknessOf).find((reason) => reason !== undefined)
  const strong = tried.filter((key) => weaknessOf(key) === undefined)
  const reason = refusal === undefined ? weakness : printable(refusal, 100)
  return strong.length > 0 || reason === undefined ? { keys: strong } : { keys: [], refusal: reason }
}

function noChoice(choice: unknown) {
  return misuse('jwks.keysFor', t('a function that gives { keys: [KeyObject, …] }'), choice)
}
