import { SesameError } from '../errors.ts'

/**
 * Runs something under a signal that is aborted after `ms`, with ERR_TIMEOUT as its reason, or with the outer signal. A timer of
 * its own: Node 20 forgets a composed `AbortSignal.timeout` that nobody else holds, and it never fires.
 */
export async function inTime<T>(
  ms: number,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const expire = () => stop.abort(new SesameError('ERR_TIMEOUT', 'The server did not answer in time.'))
  const timer = setTimeout(expire, ms)
  const forward = () => stop.abort(outer.reason)
  if (outer.aborted) forward()
  outer.addEventListener('abort', forward, { once: true })
  try {
    return await run(stop.signal)
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', forward)
  }
}
