import type { Fault } from './faults.ts'
import type { Reply } from './reply.ts'

/** Bends the body of one real answer: object in, object out. */
export type Transform = (body: Record<string, unknown>) => object

export interface Times {
  /** How many answers it applies to; default 1, `Infinity` for all to come. */
  times?: number
}

/** What is to go wrong next, by route, first in first out. */
export interface Interceptions<Route extends string> {
  fault(route: Route, fault: Fault, options?: Times): void
  /** Waits for a successful JSON answer of the route; refusals and pendings pass unbent. */
  transform(route: Route, transform: Transform, options?: Times): void
  takeFault(route: Route): Fault | undefined
  bend(route: Route, reply: Reply): Reply
  /** Forgets every fault and transform that has not been used up. */
  clear(): void
}

interface Entry<T> {
  value: T
  left: number
}

export function createInterceptions<Route extends string>(): Interceptions<Route> {
  const faults = new Map<Route, Entry<Fault>[]>()
  const transforms = new Map<Route, Entry<Transform>[]>()
  return {
    fault: (route, fault, { times = 1 } = {}) => append(faults, route, fault, times),
    transform: (route, transform, { times = 1 } = {}) => append(transforms, route, transform, times),
    takeFault: (route) => take(faults, route),
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

function append<K, T>(queues: Map<K, Entry<T>[]>, key: K, value: T, times: number): void {
  if (times < 1) return
  queues.set(key, [...(queues.get(key) ?? []), { value, left: times }])
}

function take<K, T>(queues: Map<K, Entry<T>[]>, key: K): T | undefined {
  const queue = queues.get(key)
  const first = queue?.[0]
  if (queue === undefined || first === undefined) return undefined
  first.left -= 1
  if (first.left <= 0) queue.shift()
  return first.value
}
