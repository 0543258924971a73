import { readFileSync } from 'node:fs'
import { errorCode } from '../../kit/index.ts'

/** So many processes for each core may want it before waiting stops counting in full. */
const ordinary = 8

/**
 * The share of the passing time in which no process can be expected to answer, as far more processes want a core than there are:
 * 0 on a machine that is merely busy, near 1 while hundreds start at once. Known by proc(5) `loadavg` only.
 */
export function starvedShare(): number {
  let text: string
  try {
    text = readFileSync('/proc/loadavg', 'latin1')
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return 0
  }
  return shareOf(text, process.getBuiltinModule('node:os').cpus().length)
}

/** The same for a text of /proc/loadavg and a number of cores. */
export function shareOf(text: string, cores: number): number {
  const runnable = Number(/ (\d+)\/\d+ /.exec(text)?.[1] ?? 0)
  return runnable <= ordinary * cores || cores < 1 ? 0 : 1 - (ordinary * cores) / runnable
}
