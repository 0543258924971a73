import { usableKey } from './jwk.ts'
import { chooseKeys, type KeyChoice, type WantedKey } from './jwk-set.ts'
import type { JwksSource } from './jwks-source-options.ts'
import { readKeyChoice } from './read-key-choice.ts'
import { readPublicKey } from './read-public-key.ts'
import { rememberedJwksSource } from './remembered-jwks-source.ts'
import type { VerifyWorld } from './verify-world.ts'

/** Where a verification gets its keys from: pinned, given, or fetched. */
export type KeysFor = (wanted: WantedKey) => KeyChoice | Promise<KeyChoice>

/** The two options that name keys, unchecked. */
export interface GivenKeys {
  jwks: unknown
  publicKey: unknown
}

/** @throws SesameError ERR_USAGE for keys that cannot be used, ERR_INSECURE_URL for an address */
export function openKeys(
  { jwks, publicKey }: GivenKeys,
  algorithms: readonly string[],
  world: VerifyWorld,
): KeysFor {
  if (typeof jwks === 'string') {
    const source = rememberedJwksSource(jwks, world)
    return (wanted) => source.keysFor(wanted)
  }
  if (isSource(jwks)) return async (wanted) => readKeyChoice(await jwks.keysFor({ ...wanted }), wanted)
  const pinned = readPublicKey(jwks ?? publicKey, algorithms)
  if (pinned.kind === 'set') return (wanted) => chooseKeys(pinned.set, wanted)
  // Whoever pins one key means it, whatever key id a token names.
  return ({ alg }) => {
    const key = usableKey(pinned.jwk, alg)
    return typeof key === 'string' ? { keys: [], refusal: key } : { keys: [key] }
  }
}

function isSource(jwks: unknown): jwks is JwksSource {
  return typeof jwks === 'object' && jwks !== null && 'keysFor' in jwks && typeof jwks.keysFor === 'function'
}
