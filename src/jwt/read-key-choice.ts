import { KeyObject } from 'node:crypto'
import { misuse, printable } from '../kit/index.ts'
import { type KeyChoice, maxTried, type WantedKey } from './jwk-set.ts'
import { isKeyFor, weaknessOf } from './key-strength.ts'

/**
 * What a source of keys gave, which may be the caller's own: public keys of the right kind, none of them weak. A key that
 * `jwks` would not be taken for is not taken from here either.
 *
 * @throws SesameError ERR_USAGE for anything else than a choice of keys
 */
export function readKeyChoice(choice: unknown, { alg }: WantedKey): KeyChoice {
  if (typeof choice !== 'object' || choice === null || !('keys' in choice)) throw rubbish(choice)
  const { keys, refusal } = choice as { keys: unknown; refusal?: unknown }
  if (!Array.isArray(keys) || (refusal !== undefined && typeof refusal !== 'string')) throw rubbish(choice)
  const tried = Array.from<unknown>(keys).slice(0, maxTried)
  if (!tried.every((key): key is KeyObject => key instanceof KeyObject && isKeyFor(key, alg)))
    throw misuse('jwks.keysFor', `a function that gives public keys for ${alg}`)
  const weakness = tried.map(weaknessOf).find((reason) => reason !== undefined)
  const strong = tried.filter((key) => weaknessOf(key) === undefined)
  const said = refusal === undefined ? weakness : printable(refusal, 100)
  return strong.length > 0 || said === undefined ? { keys: strong } : { keys: [], refusal: said }
}

function rubbish(choice: unknown) {
  return misuse('jwks.keysFor', 'a function that gives { keys: [KeyObject, …] }', choice)
}
