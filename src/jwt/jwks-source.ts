import { type JsonAnswer, requestJson, serverError } from '../http/index.ts'
import { SesameError } from '../kit/index.ts'
import { chooseKeys, type ReadJwkSet, readJwkSet } from './jwk-set.ts'
import {
  type JwksSource,
  type JwksSourceOptions,
  type ReadJwksSourceOptions,
  readJwksSourceOptions,
  readJwksUrl,
} from './jwks-source-options.ts'

/** A set and when it was fetched, by the monotonic clock. */
interface Held {
  set: ReadJwkSet
  atMs: number
}

/** What an attempt to fetch ended with. */
type Outcome = { set: ReadJwkSet } | { error: unknown }

/**
 * Opens a remote JWK Set (RFC 7517). Nothing is fetched before the first token; concurrent tokens share one request.
 *
 * @throws SesameError ERR_USAGE, ERR_INSECURE_URL
 */
export function openJwksSource(given: JwksSourceOptions): JwksSource {
  const read = readJwksSourceOptions(given)
  const options = { ...read, url: readJwksUrl(read.url) }
  const { clock, cooldownSeconds, maxAgeSeconds, maxStaleSeconds } = options
  let held: Held | undefined
  let last: { outcome: Outcome; atMs: number } | undefined
  let underWay: Promise<Outcome> | undefined

  const ageSeconds = (atMs: number) => (clock.monotonicMs() - atMs) / 1000

  async function fetchNow(): Promise<Outcome> {
    const outcome = await fetchSet(options)
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

async function fetchSet({ url, fetch, signal }: ReadJwksSourceOptions): Promise<Outcome> {
  const what = `The keys at ${new URL(url).host} cannot be had`
  try {
    const answer = await requestJson(fetch, { method: 'GET', url, signal, timeoutMs: 8_000 })
    const set = answer.status === 200 ? readJwkSet(answer.body) : 'is no JWK Set'
    return typeof set === 'string' ? { error: unusable(answer, what, set) } : { set }
  } catch (error) {
    signal?.throwIfAborted()
    // A value, so that it can be remembered: within the cooldown everybody gets the same answer.
    return { error }
  }
}

/** Whatever the server refuses, it is no judgement of the token: 401 and 404 mean a wrong address. */
function unusable(answer: JsonAnswer, what: string, reason: string): SesameError {
  const { status, requestId } = answer
  const { code, message } = serverError(answer, what)
  const said = status === 200 ? `${what}: the answer ${reason}.` : message
  return new SesameError(code === 'ERR_SERVER' ? code : 'ERR_RESPONSE_INVALID', said, {
    hint: 'Check the address: the discovery document of the issuer names it as jwks_uri.',
    requestId,
    status,
  })
}
