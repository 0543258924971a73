import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

interface RsaKey {
  publicKey: KeyObject
  privateKey: KeyObject
}

/** An RSA key of 2048 bits, of one server until that is closed. */
export interface TakenRsaKey extends RsaKey {
  giveBack(): void
}

const generate = promisify(generateKeyPair)
const free: RsaKey[] = []

/**
 * A key that no other server of this process has. To make one takes a tenth of a second of a core, so a server that is closed
 * gives its own back, and the next one goes on with it under another key id.
 */
export async function takeRsaKey(): Promise<TakenRsaKey> {
  const key = free.pop() ?? (await generate('rsa', { modulusLength: 2048 }))
  let given = false
  return {
    ...key,
    giveBack() {
      if (!given) free.push(key)
      given = true
    },
  }
}
