import {
  type Clock,
  errorCode,
  type Log,
  misuse,
  readFunction,
  readNumber,
  readOptions,
  readText,
  SesameError,
  silentLog,
  systemClock,
  t,
} from '../kit/index.ts'
import { Opener } from './open-sealed.ts'
import type { OpenRevocations, Revocation, RevocationList } from './revocation-list.ts'
import { Sealer } from './seal.ts'
import { type KeyOptions, resolveServiceKeys, type ServiceKeys } from './service-keys.ts'
import { sqliteRevocations } from './sqlite/revocations.ts'
import { readContent, type TokenContent, writeContent } from './token-content.ts'
import {
  formatTokenText,
  longestSealed,
  normalizeServiceName,
  readTokenText,
  serviceNameIn,
} from './token-text.ts'
import type { InvalidReason, RevokeResult, Verification } from './verification.ts'

export interface TokenServiceOptions extends KeyOptions {
  /**
   * A label that stands in the prefix of new tokens; tokens with another label are not taken. It shows people and logs whose token
   * it is, and is no audience: the prefix is not sealed, so any holder of a token can write any label before it, or none. Services
   * that must not take each other's tokens need different keys. Default: the key file's.
   */
  service?: string
  /** Default: `sqliteRevocations()`. Its list must exist: `sesame sst init` makes it, or `create: true`. */
  revocations?: OpenRevocations
  clock?: Clock
  /** Takes lines about the revocation list; never a token or a key. */
  log?: Log
}

/** Makes, checks and revokes server-side tokens. */
export interface TokenService {
  /**
   * A token for a user or service; it lasts until it is revoked, or for `ttlSeconds`.
   * @throws SesameError ERR_USAGE for a user id that no token can carry, or a time that is none
   */
  create(userId: string, options?: { ttlSeconds?: number }): string
  /** Never rejects: a token that cannot be checked for certain is invalid. */
  verify(token: string): Promise<Verification>
  /** When it has returned `revoked`, no `verify` takes the token. Needs a token that this service's keys open. */
  revoke(token: string): Promise<RevokeResult>
  /** What is revoked, newest first. */
  list(): Promise<{ kind: 'listed'; revocations: readonly Revocation[] } | { kind: 'unavailable' }>
  /** Lets go of the revocation list; from then on no token is taken. */
  close(): Promise<void>
}

/** How far the clocks of two machines may differ before a token counts as made in the future. */
const toleranceMs = 300_000

const longestTtlSeconds = 10 ** 10

/**
 * Opens a token service: reads its keys and opens its revocation list.
 * @throws SesameError ERR_USAGE (an option of another type or out of range), ERR_CONFIG (keys, names), ERR_FILE and
 * ERR_STORE_UNAVAILABLE (a key file or revocation list that is missing or cannot be trusted), ERR_INSECURE_URL
 */
export async function openTokenService(options: TokenServiceOptions): Promise<TokenService> {
  const given = readOptions(options)
  const revocations = readFunction(given.revocations, 'revocations') ?? sqliteRevocations()
  const clock = readClock(given.clock) ?? systemClock
  const log = readFunction(given.log, 'log') ?? silentLog
  const label = readText(given.service, 'service')
  const keys = await resolveServiceKeys(given)
  const name = label ?? keys.serviceName
  const service = name === undefined ? undefined : normalizeServiceName(name)
  return new SealedTokenService({ keys, service, list: await revocations({ clock, log }), clock, log })
}

interface ServiceParts {
  keys: ServiceKeys
  service: string | undefined
  list: RevocationList
  clock: Clock
  log: Log
}

class SealedTokenService implements TokenService {
  readonly #sealer: Sealer
  readonly #opener: Opener
  readonly #service: string | undefined
  #list: RevocationList
  readonly #clock: Clock
  readonly #log: Log

  constructor({ keys, service, list, clock, log }: ServiceParts) {
    this.#sealer = new Sealer(keys.sealing)
    this.#opener = new Opener(keys.opening, longestSealed)
    this.#service = service
    this.#list = list
    this.#clock = clock
    this.#log = log
  }

  create(userId: string, options?: { ttlSeconds?: number }): string {
    const ttlSeconds = options === undefined ? undefined : readTtl(readOptions(options).ttlSeconds)
    const createdAt = this.#clock.now()
    const content = writeContent({ userId, createdAt, ...expiry(createdAt, ttlSeconds) })
    return formatTokenText(this.#sealer.seal(content), this.#service)
  }

  /** Not an async function: the list answers at once where it can, and each promise costs a tenth of the cipher. */
  verify(token: string): Promise<Verification> {
    const now = this.#clock.now()
    const length = this.#read(token)
    const content = this.#open(length, now)
    if (content === undefined) return Promise.resolve(invalid('forged'))
    const outOfTime = judgeTime(content, now)
    if (outOfTime !== undefined) return Promise.resolve(invalid(outOfTime))
    try {
      const revoked = this.#list.isRevoked(this.#opener.sealed(length), now)
      if (typeof revoked === 'boolean') return Promise.resolve(judge(content, revoked))
      return Promise.resolve(revoked).then(
        (answer) => judge(content, answer),
        (error: unknown) => this.#unavailable(error),
      )
    } catch (error) {
      return Promise.resolve(this.#unavailable(error))
    }
  }

  async revoke(token: string): Promise<RevokeResult> {
    const now = this.#clock.now()
    const length = this.#read(token)
    const content = this.#open(length, now)
    if (content === undefined) return { kind: 'not-revoked', reason: 'forged' }
    const sealed = Buffer.from(this.#opener.sealed(length))
    const { userId, expiresAt } = content
    const end = expiresAt === undefined ? {} : { expiresAt }
    try {
      const isNew = await this.#list.revoke({ token, sealed, userId, revokedAt: now, ...end })
      return { kind: 'revoked', userId, wasRevoked: !isNew }
    } catch (error) {
      this.#unavailable(error)
      return { kind: 'not-revoked', reason: 'unavailable' }
    }
  }

  async list(): ReturnType<TokenService['list']> {
    try {
      return { kind: 'listed', revocations: await this.#list.entries() }
    } catch (error) {
      this.#unavailable(error)
      return { kind: 'unavailable' }
    }
  }

  async close(): Promise<void> {
    const list = this.#list
    this.#list = closedList
    await list.close()
  }

  /** Lays the token's sealed bytes out for opening; 0 when it is none, or another service's. */
  #read(token: string): number {
    const length = readTokenText(token, this.#opener.place)
    if (length === 0 || this.#service === undefined) return length
    const service = serviceNameIn(token)
    return service === undefined || service === this.#service ? length : 0
  }

  #open(length: number, now: Date): TokenContent | undefined {
    const bytes = this.#opener.open(length, now)
    return bytes === undefined ? undefined : readContent(bytes)
  }

  /** A list that does not answer is no fault of the caller: nothing is thrown, and no token is taken. */
  #unavailable(error: unknown): Verification {
    const message = error instanceof Error ? error.message : 'unknown error'
    const why = error instanceof SesameError ? message : (errorCode(error) ?? message)
    this.#log('sesame:store', `sst: the revocation list does not answer: ${why}`)
    return invalid('unavailable')
  }
}

/** What a closed service asks: lists in memory, or with a grace, would go on answering. */
const closedList: RevocationList = {
  isRevoked: refuseClosed,
  revoke: refuseClosed,
  entries: refuseClosed,
  close: () => undefined,
}

function refuseClosed(): never {
  throw new Error('the token service is closed')
}

function readClock(value: Clock | undefined): Clock | undefined {
  if (value === undefined) return undefined
  const clock = readOptions(value, 'clock')
  readFunction(clock.now, 'clock.now')
  if (clock.now === undefined) throw misuse('clock', t('an object with a function now'))
  return clock
}

function invalid(reason: InvalidReason): Verification {
  return { kind: 'invalid', reason }
}

/** Only `false` says that it is not revoked: a list that the caller implements may answer anything. */
function judge({ userId, createdAt, expiresAt }: TokenContent, revoked: unknown): Verification {
  if (revoked !== false) return invalid(revoked === true ? 'revoked' : 'unavailable')
  return expiresAt === undefined
    ? { kind: 'valid', userId, createdAt }
    : { kind: 'valid', userId, createdAt, expiresAt }
}

/** Written so that a time that cannot be compared fits nowhere. */
function judgeTime({ createdAt, expiresAt }: TokenContent, now: Date): InvalidReason | undefined {
  const nowMs = now.getTime()
  if (expiresAt !== undefined && !(nowMs < expiresAt.getTime())) return 'expired'
  return createdAt.getTime() - nowMs <= toleranceMs ? undefined : 'not-yet-valid'
}

function readTtl(value: unknown): number | undefined {
  return readNumber(value, 'ttlSeconds', { min: 1, max: longestTtlSeconds, integer: true, unit: 'seconds' })
}

function expiry(createdAt: Date, ttlSeconds: number | undefined): { expiresAt?: Date } {
  return ttlSeconds === undefined ? {} : { expiresAt: new Date(createdAt.getTime() + ttlSeconds * 1000) }
}
