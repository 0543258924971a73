import {
  type Clock,
  type Fetch,
  misuse,
  parseSecureUrl,
  parseUrl,
  printable,
  readNumber,
  readOptions,
  SesameError,
  t,
} from '../kit/index.ts'
import type { KeyChoice, WantedKey } from './jwk-set.ts'

/** Keys that are fetched when they are needed, and kept. */
export interface JwksSource {
  /**
   * The keys for a token.
   *
   * @throws SesameError ERR_NETWORK, ERR_TIMEOUT, ERR_TLS, ERR_PROXY, ERR_SERVER, ERR_RESPONSE_INVALID … when there are none
   *   because the set cannot be fetched
   */
  keysFor(wanted: WantedKey): Promise<KeyChoice>
}

export interface JwksSourceOptions {
  /** https; http for a literal loopback address only. */
  url: string
  fetch: Fetch
  clock: Clock
  /** However many unknown key ids arrive, the set is fetched at most once in this time. Default 30 s. */
  cooldownSeconds?: number | undefined
  /** A set older than this is fetched again when it is next used, so that removed keys are dropped. Default 600 s. */
  maxAgeSeconds?: number | undefined
  /** While it cannot be fetched, the keys once fetched are good for so long. Default 24 h. */
  maxStaleSeconds?: number | undefined
  signal?: AbortSignal | undefined
}

/** Options that have been read, with their defaults. */
export interface ReadJwksSourceOptions extends JwksSourceOptions {
  cooldownSeconds: number
  maxAgeSeconds: number
  maxStaleSeconds: number
}

const seconds = { min: 0, max: 31_536_000, unit: 'seconds' } as const

/** The address itself is checked by `readJwksUrl`. @throws SesameError ERR_USAGE for options of a wrong type or size */
export function readJwksSourceOptions(options: JwksSourceOptions): ReadJwksSourceOptions {
  const { url, fetch, clock, cooldownSeconds, maxAgeSeconds, maxStaleSeconds, signal } = readOptions(options)
  if (typeof url !== 'string') throw misuse('url', t('a text'), url)
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw misuse('signal', t('an AbortSignal'), signal)
  return {
    url,
    fetch,
    clock,
    cooldownSeconds: readNumber(cooldownSeconds, 'cooldownSeconds', seconds) ?? 30,
    maxAgeSeconds: readNumber(maxAgeSeconds, 'maxAgeSeconds', seconds) ?? 600,
    maxStaleSeconds: readNumber(maxStaleSeconds, 'maxStaleSeconds', seconds) ?? 86_400,
    signal,
  }
}

/** @throws SesameError ERR_INSECURE_URL, ERR_USAGE */
export function readJwksUrl(text: string): string {
  if (parseUrl(text) === undefined)
    throw new SesameError(
      'ERR_USAGE',
      t('The address of the JWK Set is no URL: {address}', { address: printable(text, 100) }),
    )
  return parseSecureUrl(text, t('The address of the JWK Set')).href
}
