import { isIP } from 'node:net'
import { type FixedText, isLoopbackHost, parseUrl, rememberSecret, SesameError, t } from '../../kit/index.ts'

/** Where a Redis server is, and who asks. */
export interface RedisAddress {
  host: string
  port: number
  tls: boolean
  username?: string
  password?: string
  database?: number
  /** The URL without the password, as a command may name it; undefined when there is one. */
  shown: string | undefined
}

/** Labels of letters, digits, hyphens and underscores. This scheme's URLs take any text for a host. */
const hostName =
  /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/

/**
 * Reads `rediss://[user[:password]@]host[:port][/database]`, or `redis://` with a literal loopback address: over a network
 * revocations, and the password, travel with TLS only, and nothing switches that off. User and password are percent-encoded.
 * @throws SesameError ERR_INSECURE_URL, or ERR_USAGE for what cannot be decoded; without the URL in it
 */
export function parseRedisUrl(text: string): RedisAddress {
  const url = parseUrl(text)
  if (url === undefined) {
    throw new SesameError('ERR_INSECURE_URL', t('The Redis URL is not a URL.'), {
      hint: t('It looks like rediss://redis.example:6380 or redis://127.0.0.1:6379.'),
    })
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const tls = url.protocol === 'rediss:'
  const isLoopback = isIP(host) !== 0 && isLoopbackHost(host)
  if (!tls && !(url.protocol === 'redis:' && isLoopback)) {
    throw new SesameError('ERR_INSECURE_URL', t('The Redis URL must start with rediss:// (TLS).'), {
      hint: t(
        'Plain redis:// is accepted for a literal loopback address only, such as redis://127.0.0.1:6379.',
      ),
    })
  }
  const database = /^\/(\d{1,5})$/.exec(url.pathname)?.[1]
  const hasMore =
    url.search !== '' || url.hash !== '' || !(url.pathname.length <= 1 || database !== undefined)
  if (hasMore || (isIP(host) === 0 && !hostName.test(host))) {
    throw new SesameError(
      'ERR_INSECURE_URL',
      t('The Redis URL holds something other than host, port and database.'),
    )
  }
  const username = decodePart(url.username, 'The user in the Redis URL is not percent-encoded correctly.')
  const password = decodePart(url.password, 'The password in the Redis URL is not percent-encoded correctly.')
  rememberSecret(password)
  return {
    host,
    port: url.port === '' ? 6379 : Number(url.port),
    tls,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(database === undefined ? {} : { database: Number(database) }),
    shown: password === '' ? text : undefined,
  }
}

function decodePart(text: string, wrong: FixedText): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    throw new SesameError('ERR_USAGE', t(wrong), {
      hint: t('Write a literal % as %25.'),
    })
  }
}
