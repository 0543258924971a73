import { join } from 'node:path'
import { oneRole, type TestPortal } from '../support/portal.ts'
import { type Row, ratio, type Table } from './report.ts'
import { median } from './statistics.ts'
import {
  bareEnvironment,
  type Environment,
  lastRole,
  makeDirectory,
  runToEnd,
  type Subject,
  sesame,
} from './subject.ts'

/** Loaded before the program: writes the process's own VmHWM on its way out. */
const reporter = join(import.meta.dirname, 'report-peak.cjs')

/** The largest resident size of the cached path and of a whole login, beside `node -e 0`. */
export async function measurePeakMemory(
  { bus, portal }: { bus: Environment; portal: TestPortal },
  runs: number,
): Promise<Table> {
  const home = makeDirectory()
  const env = bareEnvironment(home.path, bus)
  await runToEnd([...sesame.program, ...sesame.configure(portal.signInUrl)], env)
  const floor: number[] = []
  const whole: number[] = []
  const cached: number[] = []
  for (let run = 0; run < runs; run++) {
    floor.push(await peakMiB(['-e', '0'], env))
    whole.push(await peakMiB(wordsOf(sesame, [...sesame.login(lastRole(oneRole)), '--force']), env))
    cached.push(await peakMiB(wordsOf(sesame, sesame.cached), env))
  }
  home.remove()
  const rowOf = (what: string, values: readonly number[]): Row => ({
    what,
    figures: [`${median(values).toFixed(1)} MiB`, ratio(median(values) / median(floor))],
  })
  return {
    title: '(d) peak memory (VmHWM)',
    columns: ['peak', 'peak/node'],
    rows: [rowOf('node -e 0', floor), rowOf('cached login', cached), rowOf('whole login', whole)],
  }
}

/** The words for Node itself. */
function wordsOf({ program }: Subject, words: readonly string[]): readonly string[] {
  return [...program.slice(1), ...words]
}

async function peakMiB(words: readonly string[], env: Environment): Promise<number> {
  const file = join(env.HOME ?? '', 'peak')
  await runToEnd([process.execPath, '--require', reporter, ...words], { ...env, BENCH_PEAK_FILE: file })
  const { readFileSync } = process.getBuiltinModule('node:fs')
  const kiB = readFileSync(file, 'utf8').match(/^VmHWM:\s+(\d+) kB$/m)?.[1]
  return Number(kiB) / 1024
}
