import { type Fault, faults } from '../http/faults.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Throttle } from './options.ts'

/** Watches over how many lists are asked for, at once and in the last second. */
export function createThrottling({
  atOnce = Number.POSITIVE_INFINITY,
  perSecond = Number.POSITIVE_INFINITY,
  retryAfterSeconds,
}: Throttle) {
  const running = new Set<RecordedRequest>()
  let recent: number[] = []
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  const refusal: Fault = { ...faults.throttled, headers }
  return {
    /** The refusal of a request that is one too many. */
    asked(request: RecordedRequest): Fault | undefined {
      recent = recent.filter((atMs) => atMs > request.atMs - 1000)
      if (running.size >= atOnce || recent.length >= perSecond) return refusal
      running.add(request)
      recent.push(request.atMs)
      return undefined
    },
    answered: (request: RecordedRequest) => void running.delete(request),
  }
}
