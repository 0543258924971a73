import { SesameError } from '../../kit/index.ts'
import type { SessionContext } from '../session-context.ts'

/** How long a request may take whose answer must not be lost. */
export const longestRotationMs = 30_000

/** Keeps one request from being given up half-way. */
export interface Shield {
  /** The usual signal, until `onTheWire` is called; from then on only the longest wait ends it. */
  signal: AbortSignal
  /**
   * The request is about to be sent. Breaking off now would lose what the answer brings: neither a signal nor the end of
   * patience does, until `close`.
   */
  onTheWire(): void
  close(): void
}

export function openShield({ signal: usual, clock, limit, sharing }: SessionContext): Shield {
  const stop = new AbortController()
  const done = new AbortController()
  const forward = () => stop.abort(usual.reason)
  if (usual.aborted) forward()
  usual.addEventListener('abort', forward, { once: true })
  const releases: (() => void)[] = []
  const expire = async () => {
    await clock.sleep(longestRotationMs, done.signal)
    stop.abort(new SesameError('ERR_TIMEOUT', 'The server did not answer in time.'))
  }
  return {
    signal: stop.signal,
    onTheWire() {
      if (releases.length > 0 || stop.signal.aborted) return
      usual.removeEventListener('abort', forward)
      for (const hold of [limit?.hold.bind(limit), sharing?.holdSignals])
        if (hold !== undefined) releases.push(hold())
      releases.push(() => done.abort())
      void Promise.allSettled([expire()])
    },
    close() {
      usual.removeEventListener('abort', forward)
      for (const release of releases.splice(0)) release()
    },
  }
}
