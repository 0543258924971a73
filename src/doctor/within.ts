import type { Clock } from '../kit/index.ts'

/** The result, or `late` when it is not there in time. */
export async function within<T>(ms: number, result: Promise<T>, late: T, clock: Clock): Promise<T> {
  const over = new AbortController()
  const timer = clock.sleep(ms, over.signal).then(
    () => late,
    () => late,
  )
  try {
    return await Promise.race([result, timer])
  } finally {
    over.abort()
  }
}
