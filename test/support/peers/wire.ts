import type { Clock } from '../../../src/kit/clock.ts'
import type { Fetch, RequestOptions } from '../../../src/kit/fetch.ts'
import { deferred } from '../deferred.ts'

/** A request as a peer sees it, read without mercy: nothing unexpected in how it is sent. */
export interface Sent {
  method: string
  url: URL
  headers: Record<string, string>
  /** The body as text, and as what its content type says. */
  text: string
  json: unknown
  form: Record<string, string> | undefined
}

export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** Answers one call; an exception of it is a request that no peer would ever understand, and fails the test. */
export type Call = (sent: Sent) => Reply | Promise<Reply>

/** What happens to one request instead of the peer's own answer. */
type Fault = Reply | Error

/** The network of a test: peers by host, without a socket. */
export interface Wire {
  fetch: Fetch
  sent: Sent[]
  /** The calls so far, as `POST /token`; of one host where it is named. */
  calls(host?: string): string[]
  /** Calls by `METHOD /path` for a host, or for every host that the pattern fits. */
  serve(host: string | RegExp, calls: Record<string, Call>): void
  /** The next requests of a call end so, in turn; then the peer answers again. */
  fault(call: string, ...faults: Fault[]): void
  /** The next request of a call hangs until it is let go, or given up. */
  hold(call: string): Held
}

interface Held {
  arrived: Promise<void>
  letGo(): void
}

export function openWire(clock: Clock): Wire {
  const peers: { host: string | RegExp; calls: Record<string, Call> }[] = []
  const faults = new Map<string, Fault[]>()
  const sent: Sent[] = []
  const holds = new Map<string, (signal: AbortSignal | undefined) => Promise<void>>()
  const nameOf = ({ method, url }: Sent) => `${method} ${url.pathname}`

  async function send(request: Sent, signal: AbortSignal | undefined): Promise<Reply> {
    const name = nameOf(request)
    const held = holds.get(name)
    holds.delete(name)
    await held?.(signal)
    const fault = faults.get(name)?.shift()
    if (fault instanceof Error) throw fault
    if (fault !== undefined) return fault
    const peer = peers.find(({ host }) =>
      typeof host === 'string' ? host === request.url.host : host.test(request.url.host),
    )
    const call = peer?.calls[name]
    if (call === undefined) throw new Error(`nothing answers ${name} at ${request.url.host}`)
    return call(request)
  }

  return {
    sent,
    fetch: async (address, init = {}) => {
      const signal = init.signal ?? undefined
      signal?.throwIfAborted()
      const request = read(address, init)
      sent.push(request)
      const { status, body, headers } = await send(request, signal)
      const text = typeof body === 'string' ? body : JSON.stringify(body ?? {})
      const type = typeof body === 'string' ? 'text/html' : 'application/json'
      return new Response([204, 205, 304].includes(status) ? null : text, {
        status,
        headers: { date: clock.now().toUTCString(), 'content-type': type, ...headers },
      })
    },
    calls: (host) => sent.filter(({ url }) => host === undefined || url.host === host).map(nameOf),
    serve: (host, calls) => void peers.push({ host, calls }),
    fault: (call, ...more) => void faults.set(call, [...(faults.get(call) ?? []), ...more]),
    hold(call) {
      const arrival = deferred()
      const go = deferred()
      holds.set(call, (signal) => {
        arrival.resolve()
        signal?.addEventListener('abort', () => go.reject(signal.reason), { once: true })
        return go.promise
      })
      return { arrived: arrival.promise, letGo: () => go.resolve() }
    },
  }
}

const known = /^(?:accept|authorization|content-type|x-acs-[a-z0-9-]+)$/

function read(address: string, init: RequestOptions): Sent {
  const url = new URL(address)
  if (url.protocol !== 'https:' || url.hash !== '' || url.username !== '')
    throw new Error(`unexpected address ${address}`)
  if (init.redirect !== 'manual') throw new Error('redirects would be followed')
  const given = new Headers(init.headers)
  // openid-client names itself; our fetch does not let that through.
  given.delete('user-agent')
  const headers = Object.fromEntries(given)
  const text = init.body instanceof URLSearchParams ? init.body.toString() : String(init.body ?? '')
  if (init.body instanceof URLSearchParams) headers['content-type'] ??= 'application/x-www-form-urlencoded'
  const unknown = Object.keys(headers).find((name) => !known.test(name))
  if (unknown !== undefined) throw new Error(`unexpected header ${unknown}`)
  if (headers.accept !== 'application/json') throw new Error(`unexpected accept: ${headers.accept}`)
  const type = headers['content-type']
  return {
    method: init.method ?? 'GET',
    url,
    headers,
    text,
    json: type === 'application/json' ? JSON.parse(text) : undefined,
    form: type === 'application/x-www-form-urlencoded' ? formOf(text) : undefined,
  }
}

function formOf(text: string): Record<string, string> {
  const pairs = [...new URLSearchParams(text)]
  const names = new Set(pairs.map(([name]) => name))
  if (names.size !== pairs.length) throw new Error('a parameter twice')
  return Object.fromEntries(pairs)
}

/** Exactly these members, each a text that is not empty. */
export function members<Name extends string>(body: unknown, ...names: Name[]): Record<Name, string> {
  const given = Object.keys(body ?? {}).sort()
  if (given.join() !== [...names].sort().join())
    throw new Error(`unexpected members: ${given.join(', ')} instead of ${names.join(', ')}`)
  for (const [name, value] of Object.entries(body as Record<string, unknown>))
    if (typeof value !== 'string' || value === '') throw new Error(`${name} is no text`)
  return body as Record<Name, string>
}
