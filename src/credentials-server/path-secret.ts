import { Secret } from '../kit/index.ts'

/** 256 bits: a path that cannot be guessed is all that a credentials URI can protect itself with. */
const secretBytes = 32

/** The path under which the credentials are served to every client that knows it. */
export interface PathSecret {
  /** `/` and 43 characters of base64url. */
  readonly path: Secret
  /** Compares a request target as it stands (no decoding, no normalising) in constant time. */
  matches(target: string): boolean
}

/** A new path, different at each start. */
export function createPathSecret(): PathSecret {
  const { createHash, randomBytes, timingSafeEqual } = process.getBuiltinModule('node:crypto')
  // Digests are of equal length and reveal nothing about how far two texts agree.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const token = new Secret(randomBytes(secretBytes).toString('base64url'))
  const path = new Secret(`/${token.reveal()}`)
  const expected = digest(path.reveal())
  return { path, matches: (target) => timingSafeEqual(digest(target), expected) }
}
