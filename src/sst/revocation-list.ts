import { type Clock, type Log, printable, SesameError, shellWord, t } from '../kit/index.ts'

/** One revoked token, as lists show it. The token itself stays out of sight. */
export interface Revocation {
  /** The tag that ends every sealed token, 32 hexadecimal digits: names the token, and cannot be turned into it. */
  fingerprint: string
  userId: string
  revokedAt: Date
  /** When the token would have ended by itself. */
  expiresAt?: Date
}

/** A token to be revoked. */
export interface RevocationRequest {
  /** The text as it was given; the Go program compares texts. */
  token: string
  /** Nonce, ciphertext and tag: the same in every spelling of the token. */
  sealed: Buffer
  userId: string
  revokedAt: Date
  expiresAt?: Date
}

/**
 * Where revocations are kept. A list that cannot answer for certain throws or rejects: the token service then takes no token.
 * Lists that answer at once do so without a promise; verifying stays as fast as the cipher.
 */
export interface RevocationList {
  /** True when opening it has made it; undefined when that is not known. */
  readonly created?: boolean
  /** `sealed` (nonce, ciphertext and tag) holds these bytes only until the call returns: who needs them later copies them. */
  isRevoked(sealed: Buffer, now: Date): boolean | Promise<boolean>
  /** When it has returned, `isRevoked` says so. True when the token was not revoked before; again is harmless. */
  revoke(request: RevocationRequest): boolean | Promise<boolean>
  /** Newest first. */
  entries(): readonly Revocation[] | Promise<readonly Revocation[]>
  close(): void | Promise<void>
}

/** Opens a list, once per token service. */
export type OpenRevocations = (context: { clock: Clock; log: Log }) => Promise<RevocationList>

/**
 * Revocations outlive their token by 400 days: clocks do not agree, and are set wrong for a while; what was swept out while a
 * clock was ahead would be valid again when it is set back.
 */
export const keptAfterExpirySeconds: number = 400 * 86_400

const tagLength = 16

/** The fingerprint of sealed bytes. */
export function fingerprintOf(sealed: Buffer): string {
  return sealed.toString('hex', Math.max(0, sealed.length - tagLength))
}

/** There is no list in the file: its hint is the command that makes one. `name`: the file as the person named it. */
export function noListAt(name: string | undefined): SesameError {
  const where = name === undefined ? '~/.config/sst/sst.db' : printable(name)
  // A leading hyphen would make an option of it.
  const word = name?.startsWith('-') ? `./${name}` : name
  const option = word === undefined ? '' : ` --db ${shellWord(printable(word))}`
  return noList(where, `sesame sst init${option}`)
}

/** There is no list in that Redis; `url` without a password, undefined when it has one. */
export function noListInRedis(url: string | undefined): SesameError {
  const option = url === undefined ? '' : ` --redis ${shellWord(printable(url))}`
  return noList('Redis', `sesame sst init${option}`)
}

function noList(where: string, command: string): SesameError {
  const message = t(
    'There is no revocation list in {where}. If there was one, restore it; to make a new one, run:',
    { where },
  )
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint: command })
}
