import type { Clock } from '../clock.ts'
import { SesameError } from '../errors.ts'
import { type JsonAnswer, requestJson, serverError } from '../http/index.ts'
import { printable } from '../printable.ts'
import { parseSecureUrl } from '../secure-url.ts'
import { chooseKeys, type JwkSet, type KeyChoice, readJwkSet, type WantedKey } from './jwk-set.ts'
import type { Fetch } from './verify-world.ts'

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
  cooldownSeconds?: number
  /** A set older than this is fetched again when it is next used, so that withdrawn keys go. Default 600 s. */
  maxAgeSeconds?: number
  /** While it cannot be fetched, the keys once fetched are good for so long. Default 24 h. */
  maxStaleSeconds?: number
  signal?: AbortSignal
}

/** A set and when it was fetched, by the monotonic clock. */
interface Held {
  set: JwkSet
  atMs: number
}

/** What an attempt to fetch ended with. */
type Outcome = { set: JwkSet } | { error: unknown }

/** Opens a remote JWK Set (RFC 7517). Nothing is fetched before the first token; concurrent tokens share one request. */
export function openJwksSource(options: JwksSourceOptions): JwksSource {
  const { clock, cooldownSeconds = 30, maxAgeSeconds = 600, maxStaleSeconds = 86_400 } = options
  const url = readJwksUrl(options.url)
  let held: Held | undefined
  let last: { outcome: Outcome; atMs: number } | undefined
  let underWay: Promise<Outcome> | undefined

  const ageSeconds = (atMs: number) => (clock.monotonicMs() - atMs) / 1000

  async function fetchNow(): Promise<Outcome> {
    const outcome = await fetchSet({ ...options, url })
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

/** @throws SesameError ERR_INSECURE_URL, ERR_USAGE */
export function readJwksUrl(text: string): string {
  if (!URL.canParse(text))
    throw new SesameError('ERR_USAGE', `The address of the JWK Set is no URL: ${printable(text, 100)}`)
  return parseSecureUrl(text, 'The address of the JWK Set').href
}

async function fetchSet({ url, fetch, signal }: JwksSourceOptions): Promise<Outcome> {
  const what = `The keys at ${new URL(url).host} cannot be had`
  try {
    const answer = await requestJson(fetch, { method: 'GET', url, signal, timeoutMs: 8_000 })
    const set = answer.status === 200 ? readJwkSet(answer.body) : undefined
    return set === undefined ? { error: unusable(answer, what) } : { set }
  } catch (error) {
    signal?.throwIfAborted()
    // A value, so that it can be remembered: within the cooldown everybody gets the same answer.
    return { error }
  }
}

/** Whatever the server refuses, it is no judgement of the token: 401 and 404 mean a wrong address. */
function unusable(answer: JsonAnswer, what: string): SesameError {
  const { status, requestId } = answer
  const { code, message } = serverError(answer, what)
  const said = status === 200 ? `${what}: the answer is no JWK Set.` : message
  return new SesameError(code === 'ERR_SERVER' ? code : 'ERR_RESPONSE_INVALID', said, {
    hint: 'Check the address: the discovery document of the issuer names it as jwks_uri.',
    requestId,
    status,
  })
}
