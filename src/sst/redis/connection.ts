import { isIP } from 'node:net'
import type { RedisClientType } from '@redis/client'
import { defaultRoots } from '../../http/index.ts'
import { type Clock, errorCode, type Log, printable } from '../../kit/index.ts'
import { importPeer } from '../import-peer.ts'
import type { RedisAddress } from './address.ts'

/** The few commands that a revocation list needs, each answered within the time limit or rejected. */
export interface RedisConnection {
  /** One value or null per key, all of the same instant. */
  getAll(keys: readonly string[]): Promise<(string | null)[]>
  /** False when the key is there already. `expiresAt`: unix seconds. */
  setOnce(key: string, value: string, expiresAt?: number): Promise<boolean>
  /** The keys with a prefix; rejects when the server does not come to an end of them. */
  keys(prefix: string): Promise<string[]>
  close(): void
}

export interface RedisConnectionOptions {
  address: RedisAddress
  /** Certificates (PEM) that are trusted beside the usual ones. */
  ca: readonly string[] | undefined
  timeoutMs: number
  clock: Clock
  log: Log
}

/** A server that is back is used again within this. */
const longestReconnectMs = 500
const pingEveryMs = 2000
const silenceMs = 5000
/** Of a server that does not answer no more is asked than this. */
const mostWaiting = 10_000
const keysPerScan = 1000
/** Rounds of a scan for which the size of the database is no reason. */
const mostSpareRounds = 1000

/**
 * Connects, and connects again for as long as it is open. Returns after the time limit even when the server cannot be
 * reached: commands are then rejected at once until it can.
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const { address, ca, timeoutMs, clock, log } = options
  const { createClient } = await importPeer('@redis/client', () => import('@redis/client'))
  const { host, port, tls, shown: _, ...identity } = address
  const client: RedisClientType = createClient({
    ...identity,
    // What every server understands, and all that these commands need.
    RESP: 2,
    socket: {
      host,
      port,
      connectTimeout: timeoutMs,
      socketTimeout: silenceMs,
      reconnectStrategy: (retries: number) => Math.min(25 * 2 ** Math.min(retries, 8), longestReconnectMs),
      ...(tls ? await secureOptions(host, ca) : {}),
    },
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: mostWaiting,
    pingInterval: pingEveryMs,
  }) as unknown as RedisClientType
  client.on('error', (error: unknown) => {
    log('sesame:store', `sst: redis ${printable(host)}:${port}: ${errorCode(error) ?? 'error'}`)
  })

  const within = <T>(promise: Promise<T>) => withTimeout(promise, timeoutMs, clock)
  await settledWithin(client.connect(), timeoutMs, clock)

  return {
    getAll: (keys) => within(client.mGet([...keys])),
    async setOnce(key, value, expiresAt) {
      const expiration =
        expiresAt === undefined ? {} : { expiration: { type: 'EXAT' as const, value: expiresAt } }
      return (await within(client.set(key, value, { condition: 'NX', ...expiration }))) !== null
    },
    async keys(prefix) {
      const found = new Set<string>()
      // A key is met in the round of its hash: no more rounds than keys, whatever the server makes of COUNT.
      const mostRounds = (await within(client.dbSize())) + mostSpareRounds
      let cursor = '0'
      for (let round = 0; round < mostRounds; round++) {
        const match = { MATCH: `${escapeGlob(prefix)}*`, COUNT: keysPerScan }
        const answer = await within(client.scan(cursor, match))
        for (const key of answer.keys) found.add(key)
        cursor = answer.cursor
        if (cursor === '0') return [...found]
      }
      throw new Error('the scan of Redis does not end')
    },
    close: () => client.destroy(),
  }
}

/** Certificates are checked, whatever NODE_TLS_REJECT_UNAUTHORIZED and Node's own options say. */
async function secureOptions(host: string, ca: readonly string[] | undefined) {
  return {
    tls: true as const,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2' as const,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: [...defaultRoots(undefined), ...ca] }),
  }
}

/** Rejects when the promise has not settled in time; what it settles to later is of no interest then. */
async function withTimeout<T>(promise: Promise<T>, timeoutMs: number, clock: Clock): Promise<T> {
  const timer = new AbortController()
  const timeout = clock.sleep(timeoutMs, timer.signal).then(() => {
    throw new Error('Redis has not answered in time')
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    timer.abort()
  }
}

/** Waits for a first connection, but no longer; the error event tells what is wrong, and the attempts go on. */
async function settledWithin(promise: Promise<unknown>, timeoutMs: number, clock: Clock): Promise<void> {
  const timer = new AbortController()
  await Promise.race([Promise.allSettled([promise]), clock.sleep(timeoutMs, timer.signal)])
  timer.abort()
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^-]/g, '\\$&')
}
