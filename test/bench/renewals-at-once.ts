import { spawn } from 'node:child_process'
import { type Crowd, crowds, type Ready } from './crowds.ts'
import { ms, type Row, ratio, type Verdict } from './report.ts'
import { bareEnvironment, type Environment, sesame, tryToEnd } from './subject.ts'

const sizes = [50, 200]
/** Two processes that do nothing but compute: what a build does beside it. */
const others = 2
const longestMs = 10_000
const mostStarts = 2.5

/** The credentials of all processes have expired: all must get new ones, by one exchange a link; idle, and beside other work. */
export async function renewalsAtOnce(bus: Environment): Promise<Row[]> {
  const rows: Row[] = []
  for (const crowd of crowds(bus)) rows.push(...(await measureCrowd(crowd)))
  return rows
}

async function measureCrowd({ what, slow = false, run }: Crowd): Promise<Row[]> {
  const rows: Row[] = []
  await run(async (ready) => {
    for (const busy of [false, true]) {
      for (const size of sizes) {
        const hogs = Array.from({ length: busy ? others : 0 }, () =>
          spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }),
        )
        try {
          rows.push(await measureOnce({ what, size, busy, slow }, ready))
        } finally {
          for (const hog of hogs) hog.kill('SIGKILL')
        }
      }
    }
  })
  return rows
}

async function measureOnce(
  { what, size, busy, slow }: { what: string; size: number; busy: boolean; slow: boolean },
  { words, home, env, expire, exchanges, links }: Ready,
): Promise<Row> {
  const environment = bareEnvironment(home, env)
  const starts = await atOnce(size, [process.execPath, '-e', '0'], environment)
  await expire()
  const before = exchanges()
  const done = await atOnce(size, [...sesame.program, ...words], environment)
  const made = exchanges() - before
  const succeeded = done.ended.filter(({ code, stdout }) => code === 0 && stdout.includes('STS.')).length
  const slowestMs = Math.max(...done.ended.map(({ wallMs }) => wallMs))
  const wallRatio = done.wallMs / starts.wallMs
  const complaint = done.ended.find(({ code }) => code !== 0)?.stderr
  if (complaint !== undefined) process.stderr.write(complaint)
  const whole = succeeded === size && made === links
  const verdict: Verdict =
    busy || slow
      ? { target: `all, ${links}`, met: whole }
      : {
          target: `all, ${links}, <= ${mostStarts}, < 10 s`,
          met: whole && wallRatio <= mostStarts && slowestMs < longestMs,
        }
  return {
    what: `${size} renewals, ${what}${busy ? ', busy' : ''}`,
    figures: [ms(done.wallMs), ratio(wallRatio), `${succeeded}/${size}`, String(made), ms(slowestMs)],
    verdict,
  }
}

async function atOnce(count: number, command: readonly string[], env: Environment) {
  const startedAtMs = performance.now()
  const running: ReturnType<typeof tryToEnd>[] = []
  for (let i = 0; i < count; i++) {
    running.push(tryToEnd(command, env))
    // The servers run in this process: they must get to answer meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const ended = await Promise.all(running)
  return { ended, wallMs: Math.max(...ended.map(({ endedAtMs }) => endedAtMs)) - startedAtMs }
}
