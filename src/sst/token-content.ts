import { isUtf8 } from 'node:buffer'
import { SesameError, t } from '../kit/index.ts'

/** What a token says, once it is open. */
export interface TokenContent {
  userId: string
  createdAt: Date
  expiresAt?: Date
}

/** Bytes of a user id in UTF-8. */
const longestUserId = 1024

/**
 * The original's content is `<userId>|<unix seconds>`. With an expiry it is `<userId>|c<unix seconds>|e<unix seconds>`: the Go
 * program splits at `|`, expects two parts and a number in the second. Three parts it refuses; and should a reader not count
 * them, or split at the first or last `|` only, the letter keeps what it then takes for the time from being a number.
 * No program reads such a token as one that lasts.
 */
const separator = 0x7c
const createdMark = 0x63
const expiresMark = 0x65

/** Enough for the year 33658. */
const mostDigits = 12

/** Control characters would break the lines of programs that print or log the user id. */
const control = /[\u0000-\u001f\u007f-\u009f]/

/** The content of a new token, as it is sealed. @throws SesameError ERR_USAGE for a user id that no token can carry */
export function writeContent({ userId, createdAt, expiresAt }: TokenContent): string {
  checkUserId(userId)
  const created = seconds(createdAt)
  return expiresAt === undefined ? `${userId}|${created}` : `${userId}|c${created}|e${seconds(expiresAt)}`
}

/**
 * Reads the content of an opened token; undefined when it is none of ours. Byte by byte: with a regular expression it
 * would take a tenth of the cipher's time.
 */
export function readContent(bytes: Buffer): TokenContent | undefined {
  const first = find(separator, bytes, 0)
  if (first < 1) return undefined
  const second = find(separator, bytes, first + 1)
  if (second < 0) {
    const created = readSeconds(bytes, first + 1, bytes.length)
    const userId = readUserId(bytes, first)
    return created < 0 || userId === undefined ? undefined : { userId, createdAt: new Date(created * 1000) }
  }
  const created = bytes[first + 1] === createdMark ? readSeconds(bytes, first + 2, second) : -1
  const expires = bytes[second + 1] === expiresMark ? readSeconds(bytes, second + 2, bytes.length) : -1
  const userId = readUserId(bytes, first)
  if (created < 0 || expires < 0 || userId === undefined) return undefined
  return { userId, createdAt: new Date(created * 1000), expiresAt: new Date(expires * 1000) }
}

function find(byte: number, bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] === byte) return at
  return -1
}

/** The bytes before `end` as text; undefined when they are no UTF-8. */
function readUserId(bytes: Buffer, end: number): string | undefined {
  const text = bytes.toString('utf8', 0, end)
  // What stands in the place of bytes that are no UTF-8, unless it was there before.
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text
}

/** The number that the digits between two places make; -1 for none. */
function readSeconds(bytes: Buffer, from: number, to: number): number {
  if (to <= from || to - from > mostDigits) return -1
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function checkUserId(userId: unknown): void {
  if (typeof userId !== 'string' || userId === '') throw unusable(t('It is empty.'))
  if (userId.includes('|')) throw unusable(t('The character | separates the parts of a token.'))
  if (control.test(userId)) throw unusable(t('It holds control characters.'))
  if (!userId.isWellFormed()) throw unusable(t('It is not well-formed Unicode.'))
  if (Buffer.byteLength(userId) > longestUserId)
    throw unusable(t('It is longer than {bytes} bytes.', { bytes: longestUserId }))
}

function unusable(why: string): SesameError {
  return new SesameError('ERR_USAGE', t('No token can be made for this user id.'), { hint: why })
}

function seconds(instant: Date): number {
  const value = Math.floor(instant.getTime() / 1000)
  if (value >= 0 && value < 10 ** mostDigits) return value
  throw new SesameError('ERR_USAGE', t('No token can be made for this time: it is before 1970, or none.'))
}
