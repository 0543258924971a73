import { spawn } from 'node:child_process'
import { oneRole } from '../support/portal.ts'
import { atMost, ms, type Row, type Table } from './report.ts'
import { startSlowPortal } from './slow-portal.ts'
import { median, quantile } from './statistics.ts'
import {
  bareEnvironment,
  type Environment,
  lastRole,
  makeDirectory,
  runToEnd,
  type Subject,
  sesame,
} from './subject.ts'
import { timedRun } from './timed-run.ts'

const latencyMs = 50

/** From the start of the process to the first byte of the address on the screen, at a portal some way off. */
export async function measureUrlShown(
  {
    bus,
    peer,
    standalone,
  }: { bus: Environment; peer: Subject | undefined; standalone?: Subject | undefined },
  runs: number,
): Promise<Table> {
  const slow = await startSlowPortal(latencyMs, {
    approve: 'manual',
    intervalSeconds: 5,
    enforceInterval: false,
  })
  const subjects = [sesame, standalone, peer].filter((subject) => subject !== undefined)
  const homes = subjects.map(() => makeDirectory())
  const shown = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]))
  const floor: number[] = []
  for (let round = 0; round <= runs; round++) {
    for (const [i, subject] of subjects.entries()) {
      const env = bareEnvironment(homes[i]?.path ?? '', { ...bus, ...subject.environment(slow.caFile) })
      if (round === 0) await runToEnd([...subject.program, ...subject.configure(slow.portal.signInUrl)], env)
      const waitedMs = await untilAddress([...subject.program, ...subject.login(lastRole(oneRole))], env)
      if (round > 0) shown.get(subject)?.push(waitedMs)
    }
    const { wallMs } = await timedRun([process.execPath, '-e', '0'], bareEnvironment('/'))
    if (round > 0) floor.push(wallMs)
  }
  await slow.stop()
  for (const home of homes) home.remove()
  const rowOf = (what: string, values: readonly number[]): Row => ({
    what,
    figures: [ms(median(values)), `${quantile(values, 0.1).toFixed(0)}-${quantile(values, 0.9).toFixed(0)}`],
  })
  return {
    title: '(b) start of the process to the address on the screen',
    columns: ['wall', 'p10-p90'],
    rows: [
      ...subjects.map((subject): Row => {
        const values = shown.get(subject) ?? []
        const row = rowOf(`${subject.name}, first login`, values)
        const limit = subject === sesame ? 180 : subject === standalone ? 160 : undefined
        return limit === undefined ? row : { ...row, verdict: atMost(limit, median(values), ' ms') }
      }),
      rowOf('for scale: node -e 0', floor),
    ],
    notes: [
      `TLS portal, ${latencyMs} ms more for each connection and each request; the store is the keychain.`,
    ],
  }
}

/** Starts a login, waits for the address and ends it again. */
async function untilAddress(command: readonly string[], env: Environment): Promise<number> {
  const [program = '', ...words] = command
  const startedAtMs = performance.now()
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 })
  let said = ''
  let shownAtMs: number | undefined
  const look = (text: string) => {
    said += text
    if (shownAtMs !== undefined || !said.includes('/device/code')) return
    shownAtMs = performance.now()
    child.kill()
  }
  child.stderr.setEncoding('utf8').on('data', look)
  child.stdout.setEncoding('utf8').on('data', look)
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (shownAtMs === undefined) throw new Error(`no address was shown: ${said}`)
  return shownAtMs - startedAtMs
}
