import { randomBytes } from 'node:crypto'
import { readNumber } from '../kit/index.ts'
import { shortestKeyLength } from './sealing-key.ts'

/** Digits, letters that cannot be mistaken for digits, and signs: the original's alphabet. */
const alphabet = '0123456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ#$%&*+,-./:;<=>?@^{}'

const longestKeyLength = 256

/** Bytes from here on would make the first characters likelier than the others. */
const fairBytes = 256 - (256 % alphabet.length)

/**
 * Makes a key text of `length` characters, each of the 76 equally likely: 20 of them are worth 124 bits, about as much as
 * the MD5 that is made of the text can hold. @throws SesameError ERR_USAGE for a length under 16 or over 256
 */
export function createKey(length?: number): string {
  const range = { min: shortestKeyLength, max: longestKeyLength, integer: true, unit: 'characters' } as const
  const wanted = readNumber(length, 'length', range) ?? 20
  let key = ''
  while (key.length < wanted) {
    for (const byte of randomBytes(2 * wanted)) {
      if (byte < fairBytes && key.length < wanted) key += alphabet[byte % alphabet.length]
    }
  }
  return key
}
