import { KeyObject } from 'node:crypto'
import { misuse, printable, t } from '../kit/index.ts'
import { chooseKeys, type KeyChoice, maxTried, usableKey, type WantedKey } from './jwk-set.ts'
import { type JwksSource, jwksSourceFor } from './jwks-source.ts'
import { isKeyFor, weaknessOf } from './key-strength.ts'
import { readPublicKey } from './read-public-key.ts'
import type { KeysFor } from './verify-jwt.ts'
import type { VerifyContext } from './verify-options.ts'

/** The two options that name keys, unchecked. */
export interface GivenKeys {
  jwks: unknown
  publicKey: unknown
}

/** Keys that are pinned, given, or fetched. @throws SesameError ERR_USAGE for keys that cannot be used, ERR_INSECURE_URL for an address */
export function openKeySource(
  { jwks, publicKey }: GivenKeys,
  algorithms: readonly string[],
  context: VerifyContext,
): KeysFor {
  if (typeof jwks === 'string') {
    const source = jwksSourceFor(jwks, context)
    return (wanted) => source.keysFor(wanted)
  }
  if (isSource(jwks)) return async (wanted) => readKeyChoice(await jwks.keysFor({ ...wanted }), wanted)
  const pinned = readPublicKey(jwks ?? publicKey, algorithms)
  if (pinned.kind === 'set') return (wanted) => chooseKeys(pinned.set, wanted)
  // A key that is pinned alone is the one that is meant, whatever key id a token names.
  return ({ alg }) => {
    const key = usableKey(pinned.jwk, alg)
    return typeof key === 'string' ? { keys: [], refusal: key } : { keys: [key] }
  }
}

function isSource(jwks: unknown): jwks is JwksSource {
  return typeof jwks === 'object' && jwks !== null && 'keysFor' in jwks && typeof jwks.keysFor === 'function'
}

/**
 * What a source of keys gave, which may be the caller's own: public keys of the right kind, none of them weak. A key that
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
