import { isUtf8 } from 'node:buffer'
import { SesameError } from '../errors.ts'

/** What a token says, once it is open. */
export interface TokenContent {
  userId: string
  createdAt: Date
  expiresAt?: Date
}

/** Bytes of a user id in UTF-8. */
const longestUserId = 1024

const separator = '|'

/**
 * The original's content is `<userId>|<unix seconds>`. With an expiry it is `<userId>|c<unix seconds>|e<unix seconds>`: the Go
 * program splits at `|`, expects two parts and a number in the second. Three parts it refuses; and should a reader not count
 * them, or split at the first or last `|` only, the letter keeps what it then takes for the time from being a number.
 * Nobody reads such a token as one that lasts.
 */
const createdMark = 'c'
const expiresMark = 'e'

/** Enough for the year 33658. */
const mostDigits = 12

/** Controls would break the lines of whoever prints or logs the user id. */
const control = /[\u0000-\u001f\u007f-\u009f]/

/** What stands in the place of bytes that are no UTF-8. */
const replacement = '\ufffd'

/** The content of a new token, as it is sealed. @throws SesameError ERR_USAGE for a user id that no token can carry */
export function writeContent({ userId, createdAt, expiresAt }: TokenContent): string {
  checkUserId(userId)
  const created = seconds(createdAt)
  return expiresAt === undefined
    ? userId + separator + created
    : `${userId}|${createdMark}${created}|${expiresMark}${seconds(expiresAt)}`
}

/** Reads the content of an opened token; undefined when it is none of ours. */
export function readContent(bytes: Buffer): TokenContent | undefined {
  const text = bytes.toString('utf8')
  if (text.includes(replacement) && !isUtf8(bytes)) return undefined
  const first = text.indexOf(separator)
  if (first < 1) return undefined
  const userId = text.slice(0, first)
  const second = text.indexOf(separator, first + 1)
  if (second < 0) {
    const created = readSeconds(text, first + 1, text.length)
    return created < 0 ? undefined : { userId, createdAt: new Date(created * 1000) }
  }
  const created = text[first + 1] === createdMark ? readSeconds(text, first + 2, second) : -1
  const expires = text[second + 1] === expiresMark ? readSeconds(text, second + 2, text.length) : -1
  if (created < 0 || expires < 0) return undefined
  return { userId, createdAt: new Date(created * 1000), expiresAt: new Date(expires * 1000) }
}

/** The number between two places of a text, by hand: a regular expression here costs a tenth of the cipher. -1 for none. */
function readSeconds(text: string, from: number, to: number): number {
  if (to <= from || to - from > mostDigits) return -1
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function checkUserId(userId: unknown): void {
  if (typeof userId !== 'string' || userId === '') throw unusable('It is empty.')
  if (userId.includes('|')) throw unusable('The character | separates the parts of a token.')
  if (control.test(userId)) throw unusable('It holds control characters.')
  if (!userId.isWellFormed()) throw unusable('It is not well-formed Unicode.')
  if (Buffer.byteLength(userId) > longestUserId) throw unusable(`It is longer than ${longestUserId} bytes.`)
}

function unusable(why: string): SesameError {
  return new SesameError('ERR_USAGE', 'No token can be made for this user id.', { hint: why })
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
