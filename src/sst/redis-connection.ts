import { rootCertificates } from 'node:tls'
import type { RedisClientType } from '@redis/client'
import type { Clock } from '../clock.ts'
import { errorCode } from '../errors.ts'
import type { Log } from '../log.ts'
import type { RedisAddress } from './redis-address.ts'

/** The few commands that a revocation list needs, each answered within the time limit or rejected. */
export interface RedisConnection {
  /** One value or null per key, all of the same instant. */
  getAll(keys: readonly string[]): Promise<(string | null)[]>
  /** False when the key is there already. `expiresAt`: unix seconds. */
  setOnce(key: string, value: string, expiresAt?: number): Promise<boolean>
  /** The keys with a prefix. */
  keys(prefix: string): Promise<string[]>
  close(): void
}

export interface RedisConnectionOptions {
  address: RedisAddress
  /** Certificates (PEM) that are trusted beside the usual ones. */
  ca: string | undefined
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

/**
 * Connects, and connects again for as long as it is open. Returns after the time limit even when the server cannot be
 * reached: commands are then rejected at once until it can.
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const { address, ca, timeoutMs, clock, log } = options
  const { createClient } = await import('@redis/client')
  const { host, port, tls, ...identity } = address
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
      ...(tls ? { tls: true as const, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) } : {}),
    },
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: mostWaiting,
    pingInterval: pingEveryMs,
  }) as unknown as RedisClientType
  client.on('error', (error: unknown) => {
    log('sesame:store', `sst: redis ${host}:${port}: ${errorCode(error) ?? 'error'}`)
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
      let cursor = '0'
      do {
        const answer = await within(client.scan(cursor, { MATCH: `${escapeGlob(prefix)}*`, COUNT: 1000 }))
        for (const key of answer.keys) found.add(key)
        cursor = answer.cursor
      } while (cursor !== '0')
      return [...found]
    },
    close: () => client.destroy(),
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
