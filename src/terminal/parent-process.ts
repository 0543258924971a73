import type { Clock } from '../kit/index.ts'

const lookEveryMs = 1000

/** Resolves soon after the parent process has ended: an orphan is given another parent. Rejects when aborted. */
export async function untilParentEnds(clock: Clock, signal: AbortSignal): Promise<void> {
  const parent = process.ppid
  while (process.ppid === parent) await clock.sleep(lookEveryMs, signal)
}
