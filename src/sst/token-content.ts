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

/** The original's content: `<userId>|<unix seconds>`. */
const lasting = /^([^|]+)\|(\d{1,12})$/

/**
 * With an expiry: `<userId>|c<unix seconds>|e<unix seconds>`. The Go program splits at `|`, expects two parts and a number
 * in the second. Three parts it refuses; and should a reader not count them, or split at the first or last `|` only, the
 * letter keeps what it then takes for the time from being a number. Nobody reads such a token as one that lasts.
 */
const expiring = /^([^|]+)\|c(\d{1,12})\|e(\d{1,12})$/

/** Controls would break the lines of whoever prints or logs the user id. */
const control = /[\u0000-\u001f\u007f-\u009f]/

/** The content of a new token, as it is sealed. @throws SesameError ERR_USAGE for a user id that no token can carry */
export function writeContent({ userId, createdAt, expiresAt }: TokenContent): string {
  checkUserId(userId)
  const created = seconds(createdAt)
  return expiresAt === undefined ? `${userId}|${created}` : `${userId}|c${created}|e${seconds(expiresAt)}`
}

/** Reads the content of an opened token; undefined when it is none of ours. */
export function readContent(bytes: Buffer): TokenContent | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString('utf8')
  const match = lasting.exec(text) ?? expiring.exec(text)
  if (match === null) return undefined
  const [, userId = '', created, expires] = match
  const content = { userId, createdAt: new Date(Number(created) * 1000) }
  return expires === undefined ? content : { ...content, expiresAt: new Date(Number(expires) * 1000) }
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
