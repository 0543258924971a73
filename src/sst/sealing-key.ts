import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { rememberSecret, SesameError } from '../kit/index.ts'

/** Shorter keys can be guessed offline from a single token: what is sealed with is no more than their MD5. */
export const shortestKeyLength = 16

/** A key that opens tokens, and until when. */
export interface OpeningKey {
  key: KeyObject
  /** From then on the key opens nothing more. */
  until?: Date
}

/**
 * The AES-256 key of a key text, as the original derives it: the 32 ASCII characters of the lower-case hexadecimal MD5.
 * The text is remembered, so that no log shows it. @throws SesameError ERR_CONFIG for an empty or guessable text
 */
export function deriveSealingKey(text: string, { allowWeak }: { allowWeak: boolean }): KeyObject {
  if (typeof text !== 'string' || text === '') throw new SesameError('ERR_CONFIG', 'The token key is empty.')
  rememberSecret(text)
  if (!allowWeak && isWeak(text)) {
    throw new SesameError(
      'ERR_CONFIG',
      'The token key is too weak: it could be guessed from a single token.',
      {
        hint: `It needs ${shortestKeyLength} characters that are not all alike; "sesame sst create-key" makes one.`,
      },
    )
  }
  return createSecretKey(Buffer.from(createHash('md5').update(text).digest('hex'), 'ascii'))
}

function isWeak(text: string): boolean {
  return text.length < shortestKeyLength || new Set(text).size < 5
}
