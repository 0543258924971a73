import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { readNumber, rememberSecret, SesameError, t } from '../kit/index.ts'

/** Shorter keys can be guessed offline from a single token: what is sealed with is no more than their MD5. */
const shortestKeyLength = 16

/** A key that opens tokens, and until when. */
export interface OpeningKey {
  key: KeyObject
  /** From then on the key opens nothing more. */
  until?: Date
}

/** The length in bytes of an AES-256 key. */
const keyLength = 32

/** The keys of one key text: which seals, and all that open. */
export interface DerivedKeys {
  sealing: KeyObject
  opening: readonly KeyObject[]
}

/**
 * The AES-256 keys of a key text, as the Go library derives them: a text of exactly 32 bytes is the key itself; of any other it is the
 * 32 ASCII characters of the lower-case hexadecimal MD5. Former releases of sesame took the MD5 of all, so that it opens in any case.
 * The text is remembered, so that no log shows it. @throws SesameError ERR_CONFIG for an empty or guessable text
 */
export function deriveSealingKeys(text: string, { allowWeak }: { allowWeak: boolean }): DerivedKeys {
  if (typeof text !== 'string' || text === '')
    throw new SesameError('ERR_CONFIG', t('The token key is empty.'))
  rememberSecret(text)
  if (!allowWeak && isWeak(text)) {
    throw new SesameError(
      'ERR_CONFIG',
      t('The token key is too weak: it could be guessed from a single token.'),
      {
        hint: t('It needs {count} characters that are not all alike; "sesame sst create-key" makes one.', {
          count: shortestKeyLength,
        }),
      },
    )
  }
  const hashed = createSecretKey(Buffer.from(createHash('md5').update(text).digest('hex'), 'ascii'))
  const bytes = Buffer.from(text)
  if (bytes.length !== keyLength) return { sealing: hashed, opening: [hashed] }
  const itself = createSecretKey(bytes)
  return { sealing: itself, opening: [itself, hashed] }
}

function isWeak(text: string): boolean {
  return text.length < shortestKeyLength || new Set(text).size < 5
}

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
