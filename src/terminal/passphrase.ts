import { Secret } from '../kit/index.ts'
import type { Edges } from './edges.ts'

/** The passphrase of the encrypted file, if SESAME_PASSPHRASE holds one. */
export function passphraseOf({ env }: Pick<Edges, 'env'>): Secret | undefined {
  return env.SESAME_PASSPHRASE ? new Secret(env.SESAME_PASSPHRASE) : undefined
}
