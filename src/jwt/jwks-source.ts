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
import { chooseKeys, type KeyChoice, type ReadJwkSet, readJwkSet, type WantedKey } from './jwk-set.ts'
import type { VerifyContext } from './verify-options.ts'

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

/** A set and when it was fetched, by the monotonic clock. */
interface Held {
  set: ReadJwkSet
  atMs: number
}

/** What an attempt to fetch ended with. */
type Outcome = { set: ReadJwkSet } | { error: unknown }

/**
 * A remote JWK Set (RFC 7517). Nothing is fetched before the first token; concurrent tokens share one request. Options of a
 * wrong type are an error at once, an address that cannot be used with the first token (ERR_USAGE, ERR_INSECURE_URL).
 *
 * jose's `createRemoteJWKSet` is not used: it reads the system's clock, forgets a set that it cannot fetch anew (here its keys
 * stay good for a day), and takes keys of any strength.
 *
 * @throws SesameError ERR_USAGE
 */
export function createJwksSource(given: JwksSourceOptions): JwksSource {
  const options = readJwksSourceOptions(given)
  const { clock, cooldownSeconds, maxAgeSeconds, maxStaleSeconds } = options
  let held: Held | undefined
  let last: { outcome: Outcome; atMs: number } | undefined
  let underWay: Promise<Outcome> | undefined

  const ageSeconds = (atMs: number) => (clock.monotonicMs() - atMs) / 1000

  async function fetchNow(): Promise<Outcome> {
    const outcome = await fetchSet({ ...options, url: readJwksUrl(options.url) })
    const atMs = clock.monotonicMs()
    if ('set' in outcome) held = { set: outcome.set, atMs }
    last = { outcome, atMs }
    return outcome
  }

  /** What the server says now, or said within the cooldown. */
  async function refresh(): Promise<Outcome> {
    if (last !== undefined && ageSeconds(last.atMs) < cooldownSeconds) return last.outcome
    underWay ??= fetchNow().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  return {
    async keysFor(wanted) {
      readJwksUrl(options.url)
      if (held !== undefined && ageSeconds(held.atMs) < maxAgeSeconds) {
        const choice = chooseKeys(held.set, wanted)
        if (choice.keys.length > 0) return choice
      }
      const outcome = await refresh()
      if ('set' in outcome) return chooseKeys(outcome.set, wanted)
      const usable = held !== undefined && ageSeconds(held.atMs) < maxStaleSeconds
      const choice = usable && held !== undefined ? chooseKeys(held.set, wanted) : undefined
      if (choice === undefined || choice.keys.length === 0) throw outcome.error
      return choice
    },
  }
}

/** Sources by the fetch that they use, and by URL: a caller that names a URL only has the cooldown too. */
const sources = new WeakMap<Fetch, Map<string, JwksSource>>()

/** More than any service trusts; a caller that makes up URLs as it goes must not fill the memory. */
const maxSources = 100

/** The source for a URL; the same one each time for the same fetch. @throws SesameError ERR_USAGE, ERR_INSECURE_URL */
export function jwksSourceFor(url: string, { fetch, clock }: VerifyContext): JwksSource {
  readJwksUrl(url)
  const known = sources.get(fetch) ?? new Map<string, JwksSource>()
  sources.set(fetch, known)
  const source = known.get(url) ?? createJwksSource({ url, fetch, clock })
  if (!known.has(url) && known.size >= maxSources) known.delete(known.keys().next().value ?? '')
  known.set(url, source)
  return source
}

async function fetchSet({ url, fetch, signal }: ReadJwksSourceOptions): Promise<Outcome> {
  const what = t('Cannot fetch the JSON Web Key Set from {host}', { host: new URL(url).host })
  // The network's modules are loaded for a key set that has to be fetched: most verifications have their keys at hand.
  const { readServerError, requestJson, serverError } = await import('../http/index.ts')
  try {
    const answer = await requestJson(fetch, {
      method: 'GET',
      url,
      signal,
      timeoutMs: 8_000,
      // Nothing secret travels, and no other host's keys are taken.
      sameOriginRedirects: 3,
    })
    const set = answer.status === 200 ? readJwkSet(answer.body) : t('is no JWK Set')
    if (typeof set !== 'string') return { set }
    const saysWhy = answer.status !== 200 || readServerError(answer).serverCode !== undefined
    return {
      error: unusable(
        serverError(answer, what),
        saysWhy ? undefined : t('{what}: the answer {reason}.', { what, reason: set }),
      ),
    }
  } catch (error) {
    signal?.throwIfAborted()
    // A value, so that it can be remembered: within the cooldown all callers get the same answer.
    return { error }
  }
}

/** Whatever the server refuses says nothing about the token: 401 and 404 mean a wrong address. */
function unusable(
  { code, message, status, requestId }: SesameError,
  reason: string | undefined,
): SesameError {
  return new SesameError(code === 'ERR_SERVER' ? code : 'ERR_RESPONSE_INVALID', reason ?? message, {
    hint: t('Check the address: the discovery document of the issuer names it as jwks_uri.'),
    requestId,
    status,
  })
}

/** Options that have been read, with their defaults. */
interface ReadJwksSourceOptions extends JwksSourceOptions {
  cooldownSeconds: number
  maxAgeSeconds: number
  maxStaleSeconds: number
}

const seconds = { min: 0, max: 31_536_000, unit: 'seconds' } as const

/** The address itself is checked by `readJwksUrl`. @throws SesameError ERR_USAGE for options of a wrong type or size */
function readJwksSourceOptions(options: JwksSourceOptions): ReadJwksSourceOptions {
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
function readJwksUrl(text: string): string {
  if (parseUrl(text) === undefined)
    throw new SesameError(
      'ERR_USAGE',
      t('The address of the JWK Set is no URL: {address}', { address: printable(text, 100) }),
    )
  return parseSecureUrl(text, t('The address of the JWK Set')).href
}
