import { SesameError } from '../errors.ts'
import { rememberSecret } from '../secret.ts'
import { isLoopbackHost } from '../secure-url.ts'

/** Where a Redis server is, and who asks. */
export interface RedisAddress {
  host: string
  port: number
  tls: boolean
  username?: string
  password?: string
  database?: number
}

/**
 * Reads `rediss://[user[:password]@]host[:port][/database]`, or `redis://` with a literal loopback address: over a network
 * revocations, and the password, travel with TLS only. @throws SesameError ERR_INSECURE_URL, without the URL in it
 */
export function parseRedisUrl(text: string): RedisAddress {
  if (!URL.canParse(text)) {
    throw new SesameError('ERR_INSECURE_URL', 'The Redis URL is not a URL.', {
      hint: 'It looks like rediss://redis.example:6380 or redis://127.0.0.1:6379.',
    })
  }
  const url = new URL(text)
  const tls = url.protocol === 'rediss:'
  if (!tls && !(url.protocol === 'redis:' && isLoopbackHost(url.hostname))) {
    throw new SesameError('ERR_INSECURE_URL', 'The Redis URL must start with rediss:// (TLS).', {
      hint: 'Plain redis:// is accepted for a literal loopback address only, such as redis://127.0.0.1:6379.',
    })
  }
  const database = /^\/(\d{1,5})$/.exec(url.pathname)?.[1]
  const hasMore =
    url.search !== '' || url.hash !== '' || !(url.pathname.length <= 1 || database !== undefined)
  if (url.hostname === '' || hasMore) {
    throw new SesameError(
      'ERR_INSECURE_URL',
      'The Redis URL holds something other than host, port and database.',
    )
  }
  const username = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  rememberSecret(password)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    tls,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(database === undefined ? {} : { database: Number(database) }),
  }
}
