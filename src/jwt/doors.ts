import { type JwksSource, type JwksSourceOptions, readJwksSourceOptions } from './jwks-source-options.ts'
import type { PinnedJwt, VerifiedJwt } from './verify-jwt.ts'
import type { VerifyJwtOptions, VerifyPinnedJwtOptions } from './verify-options.ts'
import type { VerifyWorld } from './verify-world.ts'

/*
 * Doors to what verifies. It is loaded with the first token: the cached path goes through this room too, and needs
 * lifetimes only.
 */

/** See `verify-jwt.ts`. */
export async function verifyJwt(
  token: string,
  options: VerifyJwtOptions,
  world: VerifyWorld,
): Promise<VerifiedJwt> {
  return (await import('./verify-jwt.ts')).verifyJwt(token, options, world)
}

/** See `verify-jwt.ts`. */
export async function verifyPinnedJwt(
  token: string,
  options: VerifyPinnedJwtOptions,
  world: VerifyWorld,
): Promise<PinnedJwt> {
  return (await import('./verify-jwt.ts')).verifyPinnedJwt(token, options, world)
}

/** See `openJwksSource` in `jwks-source.ts`. Options of a wrong type are an error at once, an address that cannot be used with the first token. */
export function createJwksSource(given: JwksSourceOptions): JwksSource {
  const options = readJwksSourceOptions(given)
  let opened: Promise<JwksSource> | undefined
  return {
    async keysFor(wanted) {
      opened ??= import('./jwks-source.ts').then(({ openJwksSource }) => openJwksSource(options))
      return (await opened).keysFor(wanted)
    },
  }
}

const signatures = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** Whether a text is a public key to pin: PEM, X.509, JWK or JWK Set, and fit to verify with. @throws SesameError ERR_USAGE */
export async function checkPublicKey(text: string): Promise<void> {
  const { readPublicKey } = await import('./read-public-key.ts')
  readPublicKey(text, signatures)
}
