import type { Fault } from './faults.ts'
import type { RecordedRequest } from './recorded-request.ts'
import type { Reply } from './reply.ts'

/** Bends the body of one real answer: object in, object out. */
export type Transform = (body: Record<string, unknown>) => object

export interface Times {
  /** How many answers it applies to; default 1, `Infinity` for all to come. */
  times?: number
}

interface When {
  /** Only requests that it is true of; the others are answered as if there were no fault. */
  when?: (request: RecordedRequest) => boolean
}

/** What is to go wrong next, by route, first in first out. */
export interface Interceptions<Route extends string> {
  fault(route: Route, fault: Fault, options?: Times & When): void
  /** Waits for a successful JSON answer of the route; refusals and pendings pass unbent. */
  transform(route: Route, transform: Transform, options?: Times): void
  takeFault(route: Route, request: RecordedRequest): Fault | undefined
  bend(route: Route, reply: Reply): Reply
  /** Forgets every fault and transform that has not been used up. */
  clear(): void
}

interface Entry<T> extends When {
  value: T
  left: number
}

export function createInterceptions<Route extends string>(): Interceptions<Route> {
  const faults = new Map<Route, Entry<Fault>[]>()
  const transforms = new Map<Route, Entry<Transform>[]>()
  return {
    fault: (route, value, { times = 1, ...when } = {}) =>
      append(faults, route, { value, left: times, ...when }),
    transform: (route, value, { times = 1 } = {}) => append(transforms, route, { value, left: times }),
    takeFault: (route, request) => take(faults, route, request),
    bend(route, reply) {
      if (typeof reply.body === 'string' || reply.status >= 300) return reply
      const transform = take(transforms, route)
      return transform === undefined ? reply : { ...reply, body: transform({ ...reply.body }) }
    },
    clear() {
      faults.clear()
      transforms.clear()
    },
  }
}

function append<K, T>(queues: Map<K, Entry<T>[]>, key: K, entry: Entry<T>): void {
  if (entry.left < 1) return
  queues.set(key, [...(queues.get(key) ?? []), entry])
}

function take<K, T>(queues: Map<K, Entry<T>[]>, key: K, request?: RecordedRequest): T | undefined {
  const queue = queues.get(key) ?? []
  const at = queue.findIndex(({ when }) => when === undefined || (request !== undefined && when(request)))
  const first = queue[at]
  if (first === undefined) return undefined
  first.left -= 1
  if (first.left <= 0) queue.splice(at, 1)
  return first.value
}
