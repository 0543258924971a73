import { type Clock, inspectProcess } from '../kit/index.ts'

/** Where the number of the parent comes from, and what becomes of a process; tests pass in their own. */
export interface ProcessTable {
  parent(): number
  /** What tells a process from a later one with its number, as far as the system shows it; undefined when there is none. */
  identity(pid: number): string | undefined
}

const lookEveryMs = 1000

/** The processes of this system. */
export const systemProcesses: ProcessTable = {
  parent: () => process.ppid,
  identity(pid) {
    const { alive, startTime, ours } = inspectProcess(pid)
    // Windows shows no start time here, but uses numbers again soon: at least another user's process is another one.
    return alive ? `${startTime} ${process.platform !== 'win32' || ours}` : undefined
  },
}

/**
 * Notes which process is the parent now. The function that it returns resolves soon after that one has ended. POSIX gives an
 * orphan another parent; Windows goes on naming the one that is gone, so its existence is asked for, too. Rejects when aborted.
 */
export function watchParent(
  table: ProcessTable = systemProcesses,
): (clock: Clock, signal: AbortSignal) => Promise<void> {
  const parent = table.parent()
  // A parent outside of this process number namespace (`docker exec`) has no number that could be asked for.
  const identity = parent > 0 ? table.identity(parent) : undefined
  const isThere = () =>
    table.parent() === parent &&
    (parent <= 0 || (identity !== undefined && table.identity(parent) === identity))
  return async (clock, signal) => {
    while (isThere()) await clock.sleep(lookEveryMs, signal)
  }
}
