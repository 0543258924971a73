import { randomUUID } from 'node:crypto'
import { pemBlocks } from '../../http/index.ts'
import {
  type Clock,
  type Log,
  misuse,
  readBoolean,
  readNumber,
  readOptions,
  readText,
  readTexts,
  SesameError,
  t,
} from '../../kit/index.ts'
import {
  fingerprintOf,
  keptAfterExpirySeconds,
  noListInRedis,
  type OpenRevocations,
  type Revocation,
  type RevocationList,
  type RevocationRequest,
} from '../revocation-list.ts'
import { parseRedisUrl, type RedisAddress } from './address.ts'
import { connectRedis, type RedisConnection } from './connection.ts'
import { readEntry, unixSeconds, writeEntry } from './entry.ts'

export interface RedisRevocationsOptions {
  /** `rediss://[user[:password]@]host[:port][/database]`; `redis://` for a literal loopback address only. */
  url: string
  /** Make the list when there is none; default false. For set-up, as `sesame sst init` is. */
  create?: boolean
  /** How long one question may take, in milliseconds; default 500. */
  timeoutMs?: number
  /**
   * For how long, in seconds after the server's last answer, tokens are still taken while it cannot be reached; default 0: none is.
   * In that time a token that another machine revokes is taken here; one that this process knows as revoked is not.
   */
  graceSeconds?: number
  /** Certificates (PEM) that are trusted beside the usual ones. */
  ca?: string | readonly string[]
}

/** Its value is the list's identity, and without it there is no list. The braces keep all keys on one node of a cluster. */
const listKey = '{sesame-sst}'
const revokedPrefix = '{sesame-sst}:revoked:'

/**
 * Revocations in Redis, for many machines: every question goes to the server, so what one machine has revoked all refuse at
 * once. The server must keep what is written to it (`appendonly yes`, `maxmemory-policy noeviction`). A list exists once it
 * has been made (`create`, `sesame sst init`): a server that was emptied has none, and no token is taken. A list that was
 * there and is gone or another is noticed, and no token is taken until the service is opened anew. Opening rejects when the
 * server answers and has no list (ERR_STORE_UNAVAILABLE); one that cannot be reached is asked again with every question.
 * @throws SesameError ERR_USAGE, ERR_INSECURE_URL
 */
export function redisRevocations(options: RedisRevocationsOptions): OpenRevocations {
  const given = readOptions(options)
  const url = readText(given.url, 'url')
  if (url === undefined) throw misuse('url', t('a Redis URL'))
  const create = readBoolean(given.create, 'create') ?? false
  const timeoutMs = readNumber(given.timeoutMs, 'timeoutMs', { min: 1, max: longestTimeoutMs }) ?? 500
  const graceSeconds = readNumber(given.graceSeconds, 'graceSeconds', { min: 0 }) ?? 0
  const ca = readTexts(given.ca, 'ca')?.flatMap(pemBlocks)
  if (ca?.length === 0) throw misuse('ca', t('certificates in PEM'))
  const address = parseRedisUrl(url)
  return async ({ clock, log }) => {
    const connection = await connectRedis({ address, ca, timeoutMs, clock, log })
    return openList(connection, address, { create, graceMs: graceSeconds * 1000, clock, log })
  }
}

const longestTimeoutMs = 600_000

interface ListSettings {
  create: boolean
  graceMs: number
  clock: Clock
  log: Log
}

/** The list; when the server answers that there is none, nothing stays open. */
async function openList(
  connection: RedisConnection,
  address: RedisAddress,
  settings: ListSettings,
): Promise<RevocationList> {
  const list = redisList(connection, address, settings)
  try {
    return { ...list, created: await list.meet() }
  } catch (error) {
    // It could not be asked; every question will try again.
    if (!(error instanceof SesameError)) return list
    connection.close()
    throw error
  }
}

function redisList(
  connection: RedisConnection,
  { shown }: RedisAddress,
  { create, graceMs, clock, log }: ListSettings,
): RevocationList & { meet(): Promise<boolean> } {
  /** The keys of revoked tokens that this process has met: these it refuses without another query. */
  const known = new Set<string>()
  /** By the monotonic clock, which stands still while the machine sleeps, and by the wall clock, which can be set. */
  let answeredAt = { monotonicMs: Number.NEGATIVE_INFINITY, wallMs: Number.NEGATIVE_INFINITY }
  /** Of the list that this process began with. */
  let identity: string | undefined

  /** Throws for a list that is not the one this process began with: revocations were lost. */
  function checkIdentity(found: string | null | undefined): void {
    if (identity !== undefined && found === identity) return
    log('sesame:store', 'sst: the revocation list in Redis was lost or replaced')
    throw new ListLost()
  }

  /** Finds the list, once; true when it has made it. @throws SesameError when the server answers that there is none */
  async function meet(): Promise<boolean> {
    if (identity !== undefined) return false
    const created = create && (await connection.setOnce(listKey, randomUUID()))
    const [found] = await connection.getAll([listKey])
    if (!found) throw noListInRedis(shown)
    identity = found
    return created
  }

  function isWithinGrace(): boolean {
    const { monotonicMs, wallMs } = answeredAt
    return clock.monotonicMs() - monotonicMs < graceMs && clock.now().getTime() - wallMs < graceMs
  }

  async function ask(key: string): Promise<boolean> {
    await meet()
    const [found, entry] = await connection.getAll([listKey, key])
    checkIdentity(found)
    answeredAt = { monotonicMs: clock.monotonicMs(), wallMs: clock.now().getTime() }
    return entry !== null
  }

  return {
    meet,
    async isRevoked(sealed) {
      const key = keyOf(sealed)
      if (known.has(key)) return true
      try {
        const revoked = await ask(key)
        if (revoked) known.add(key)
        return revoked
      } catch (error) {
        // The caller has asked for this grace; without it, or beyond it, not to know means no.
        const isSilent = !(error instanceof ListLost) && !(error instanceof SesameError)
        if (isSilent && isWithinGrace()) return false
        throw error
      }
    },
    async revoke(request) {
      await meet()
      const key = keyOf(request.sealed)
      const isNew = await connection.setOnce(key, writeEntry(request), endOf(request))
      const [found, kept] = await connection.getAll([listKey, key])
      checkIdentity(found)
      if (typeof kept !== 'string') throw new Error('Redis has not kept the revocation')
      known.add(key)
      return isNew
    },
    async entries() {
      await meet()
      const keys = await connection.keys(revokedPrefix)
      const entries: Revocation[] = []
      // Once at least: that nothing is revoked is no answer of a list that was lost.
      for (let at = 0; at === 0 || at < keys.length; at += 1000) {
        const some = keys.slice(at, at + 1000)
        const values = await connection.getAll([listKey, ...some])
        checkIdentity(values.shift())
        entries.push(
          ...values.flatMap((value, i) => readEntry((some[i] ?? '').slice(revokedPrefix.length), value)),
        )
      }
      return entries.sort((a, b) => b.revokedAt.getTime() - a.revokedAt.getTime())
    },
    close: () => connection.close(),
  }
}

class ListLost extends Error {
  override readonly name = 'ListLost'
}

function keyOf(sealed: Buffer): string {
  return revokedPrefix + fingerprintOf(sealed)
}

/** When Redis may forget it; a token that has ended long ago is kept for a moment all the same. */
function endOf({ expiresAt, revokedAt }: RevocationRequest): number | undefined {
  if (expiresAt === undefined) return undefined
  return Math.max(unixSeconds(expiresAt), unixSeconds(revokedAt)) + keptAfterExpirySeconds
}
