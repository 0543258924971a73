import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { parseRedisUrl } from './redis-address.ts'
import { connectRedis, type RedisConnection } from './redis-connection.ts'
import {
  fingerprintOf,
  keptAfterExpirySeconds,
  type OpenRevocations,
  type Revocation,
  type RevocationList,
  type RevocationRequest,
} from './revocation-list.ts'

export interface RedisRevocationsOptions {
  /** `rediss://[user[:password]@]host[:port][/database]`; `redis://` for a literal loopback address only. */
  url: string
  /** How long one question may take, in milliseconds; default 500. */
  timeoutMs?: number
  /**
   * For how long, in seconds after the server's last answer, tokens are still taken while it cannot be reached; default 0: none is.
   * In that time a token that another machine revokes is taken here; one that this process knows as revoked is not.
   */
  graceSeconds?: number
  /** Certificates (PEM) that are trusted beside the usual ones. */
  ca?: string
}

/** The braces keep all keys on one node of a cluster. */
const listKey = '{sesame-sst}'
const revokedPrefix = '{sesame-sst}:revoked:'

/**
 * Revocations in Redis, for many machines: every question goes to the server, so what one machine has revoked all refuse at
 * once. The server must keep what it is told (`appendonly yes`, `maxmemory-policy noeviction`): a list that was there and is
 * gone is noticed, and no token is taken until the service is opened anew. @throws SesameError ERR_INSECURE_URL
 */
export function redisRevocations(options: RedisRevocationsOptions): OpenRevocations {
  const { url, timeoutMs = 500, graceSeconds = 0, ca } = options
  const address = parseRedisUrl(url)
  return async ({ clock, log }) => {
    const connection = await connectRedis({ address, ca, timeoutMs, clock, log })
    return redisList(connection, graceSeconds * 1000, clock, log)
  }
}

function redisList(connection: RedisConnection, graceMs: number, clock: Clock, log: Log): RevocationList {
  /** The keys of revoked tokens that this process has met: these it refuses without being told again. */
  const known = new Set<string>()
  let answeredAtMs = Number.NEGATIVE_INFINITY
  let identity: string | undefined

  /** Throws for a list that is not the one this process began with: revocations were lost. */
  function checkIdentity(found: string | null | undefined): void {
    if (found === identity) return
    log('sesame:store', 'sst: the revocation list in Redis was lost or replaced')
    throw new ListLost()
  }

  /** The list's name, made by whoever comes first; it vanishes when the server loses what it was told. */
  async function meet(): Promise<void> {
    if (identity !== undefined) return
    await connection.setOnce(listKey, randomUUID())
    const [found] = await connection.getAll([listKey])
    identity = found ?? undefined
  }

  async function ask(key: string): Promise<boolean> {
    await meet()
    const [found, entry] = await connection.getAll([listKey, key])
    checkIdentity(found)
    answeredAtMs = clock.monotonicMs()
    return entry !== null
  }

  return {
    async isRevoked(sealed) {
      const key = keyOf(sealed)
      if (known.has(key)) return true
      try {
        const revoked = await ask(key)
        if (revoked) known.add(key)
        return revoked
      } catch (error) {
        // The caller has asked for this grace; without it, or beyond it, not to know means no.
        if (!(error instanceof ListLost) && clock.monotonicMs() - answeredAtMs < graceMs) return false
        throw error
      }
    },
    async revoke(request) {
      await meet()
      const key = keyOf(request.sealed)
      const isNew = await connection.setOnce(key, writeEntry(request), endOf(request))
      const [found] = await connection.getAll([listKey])
      checkIdentity(found)
      known.add(key)
      return isNew
    },
    async entries() {
      await meet()
      const keys = await connection.keys(revokedPrefix)
      const entries: Revocation[] = []
      for (let at = 0; at < keys.length; at += 1000) {
        const some = keys.slice(at, at + 1000)
        const values = await connection.getAll([listKey, ...some])
        checkIdentity(values.shift())
        entries.push(...values.flatMap((value, i) => readEntry(some[i] ?? '', value)))
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

/** A revocation as Redis holds it; instants are unix seconds. */
interface WireEntry {
  userId: string
  revokedAt: number
  expiresAt?: number
}

function writeEntry({ userId, revokedAt, expiresAt }: RevocationRequest): string {
  const entry: WireEntry = { userId, revokedAt: unixSeconds(revokedAt) }
  if (expiresAt !== undefined) entry.expiresAt = unixSeconds(expiresAt)
  return JSON.stringify(entry)
}

/** None for an entry that has ended since its key was read. */
function readEntry(key: string, value: string | null): Revocation[] {
  if (value === null) return []
  const { userId, revokedAt, expiresAt } = JSON.parse(value) as WireEntry
  const entry = {
    fingerprint: key.slice(revokedPrefix.length),
    userId: String(userId),
    revokedAt: new Date(revokedAt * 1000),
  }
  return [expiresAt === undefined ? entry : { ...entry, expiresAt: new Date(expiresAt * 1000) }]
}

/** When Redis may forget it; a token that has ended long ago is kept for a moment all the same. */
function endOf({ expiresAt, revokedAt }: RevocationRequest): number | undefined {
  if (expiresAt === undefined) return undefined
  return Math.max(unixSeconds(expiresAt), unixSeconds(revokedAt)) + keptAfterExpirySeconds
}

function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
