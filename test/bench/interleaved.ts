import { atMost, ms, type Row, ratio } from './report.ts'
import { median, quantile } from './statistics.ts'
import { type Environment, tryToEnd } from './subject.ts'
import { type TimedRun, timedRun } from './timed-run.ts'

/** A command that is run in turn with others. */
export interface Case {
  name: string
  command: readonly string[]
  env: Environment
  runs: TimedRun[]
  /** The target for its wall time, as a ratio to the floor's. */
  limit?: number
}

/** What all others are compared with. */
export function nodeFloor(env: Environment): Case {
  return { name: 'node -e 0', command: [process.execPath, '-e', '0'], env, runs: [] }
}

/** Runs each once a round. One round more than is counted: the first finds nothing in the page cache. */
export async function runInTurn(cases: readonly Case[], runs: number): Promise<void> {
  for (let round = 0; round <= runs; round++) {
    for (const each of cases) {
      const run = await timedRun(each.command, each.env)
      if (run.code !== 0) throw new Error(`${each.name} ended with ${run.code}`)
      if (round > 0) each.runs.push(run)
    }
  }
}

export const timeColumns = ['wall', 'p10-p90', 'wall/node', 'cpu', 'cpu/node']

export function mediansOf({ runs }: Case): { wallMs: number; cpuMs: number } {
  return { wallMs: median(runs.map((run) => run.wallMs)), cpuMs: median(runs.map((run) => run.cpuMs)) }
}

/** Figures for `timeColumns`; the target holds for the wall ratio. */
export function rowOf(each: Case, floor: Case): Row {
  const walls = each.runs.map((run) => run.wallMs)
  const { wallMs, cpuMs } = mediansOf(each)
  const base = mediansOf(floor)
  const wallRatio = wallMs / base.wallMs
  const spread = `${quantile(walls, 0.1).toFixed(1)}-${quantile(walls, 0.9).toFixed(1)}`
  return {
    what: each.name,
    figures: [ms(wallMs), spread, ratio(wallRatio), ms(cpuMs), ratio(cpuMs / base.cpuMs)],
    ...(each.limit === undefined ? {} : { verdict: atMost(each.limit, wallRatio) }),
  }
}

/** The largest resident size of a command in MiB, median of five runs, as GNU time says it; undefined where that is not there. */
export async function peakMiB({ command, env }: Case): Promise<number | undefined> {
  const peaks: number[] = []
  for (let run = 0; run < 5; run++) {
    const ended = await tryToEnd(['sh', '-c', 'exec time -f %M "$@" >/dev/null', 'sh', ...command], env)
    if (ended.code !== 0) return undefined
    peaks.push(Number(ended.stderr.trim().split('\n').at(-1)) / 1024)
  }
  return median(peaks)
}
