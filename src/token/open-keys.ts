import { chooseKeys, type KeyChoice, usableKey, type WantedKey } from './jwk-set.ts'
import type { JwksSource } from './jwks-source.ts'
import { readPublicKey } from './read-public-key.ts'
import { rememberedJwksSource } from './remembered-jwks-source.ts'
import type { VerifyJwtOptions } from './verify-options.ts'
import type { VerifyWorld } from './verify-world.ts'

/** Where a verification gets its keys from: pinned, given, or fetched. */
export type KeysFor = (wanted: WantedKey) => KeyChoice | Promise<KeyChoice>

/** @throws SesameError ERR_USAGE for keys that cannot be used, ERR_INSECURE_URL for an address */
export function openKeys(
  { jwks, publicKey }: Pick<VerifyJwtOptions, 'jwks' | 'publicKey'>,
  algorithms: readonly string[],
  world: VerifyWorld,
): KeysFor {
  if (typeof jwks === 'string') {
    const source = rememberedJwksSource(jwks, world)
    return (wanted) => source.keysFor(wanted)
  }
  if (jwks !== undefined && isSource(jwks)) return (wanted) => jwks.keysFor(wanted)
  const pinned = readPublicKey(jwks ?? publicKey ?? '', algorithms)
  if (pinned.kind === 'set') return (wanted) => chooseKeys(pinned.set, wanted)
  // Whoever pins one key means it, whatever key id a token names.
  return ({ alg }) => {
    const key = usableKey(pinned.jwk, alg)
    return typeof key === 'string' ? { keys: [], refusal: key } : { keys: [key] }
  }
}

function isSource(jwks: object): jwks is JwksSource {
  return 'keysFor' in jwks
}
