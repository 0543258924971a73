import { oneRole, startPortal } from '../support/portal.ts'
import { renewalsAtOnce } from './renewals-at-once.ts'
import { atMost, exactly, ms, type Row, ratio, type Table } from './report.ts'
import { median } from './statistics.ts'
import {
  bareEnvironment,
  type Environment,
  lastRole,
  makeDirectory,
  runToEnd,
  type Subject,
  sesame,
  tryToEnd,
} from './subject.ts'

const readers = 30
const logins = 50
const rounds = 5

/** Many shells at once: with fresh credentials in the store, and with nothing there. */
export async function measureManyAtOnce({
  bus,
  peer,
}: {
  bus: Environment
  peer: Subject | undefined
}): Promise<Table> {
  const rows: Row[] = [...(await readAtOnce(bus)), ...(await loginAtOnce(sesame, bus))]
  if (peer !== undefined) rows.push(...(await loginAtOnce(peer, {})))
  rows.push(...(await renewalsAtOnce(bus)))
  return {
    title: '(e) many at once',
    columns: ['wall', 'wall/node', 'succeeded', 'exchanges', 'slowest'],
    rows,
    notes: [
      `Reads: medians of ${rounds} rounds. Logins: nothing in the store, poll interval 1 s; their exchanges are sign-ins.`,
      'Renewals: expired credentials, once each; busy: two other processes compute meanwhile.',
    ],
  }
}

async function readAtOnce(bus: Environment): Promise<Row[]> {
  const portal = await startPortal()
  const home = makeDirectory()
  const env = bareEnvironment(home.path, bus)
  await runToEnd([...sesame.program, ...sesame.configure(portal.signInUrl)], env)
  await runToEnd([...sesame.program, ...sesame.login(lastRole(oneRole))], env)
  const floor: number[] = []
  const reads: number[] = []
  let succeeded = readers
  for (let round = 0; round < rounds; round++) {
    floor.push((await allAtOnce(readers, [process.execPath, '-e', '0'], env)).wallMs)
    const result = await allAtOnce(readers, [...sesame.program, ...sesame.cached], env)
    reads.push(result.wallMs)
    succeeded = Math.min(succeeded, result.succeeded)
  }
  await portal.stop()
  home.remove()
  const wallRatio = median(reads) / median(floor)
  return [
    { what: `${readers} x node -e 0`, figures: [ms(median(floor)), ratio(1)] },
    {
      what: `${readers} cached reads, keychain`,
      figures: [ms(median(reads)), ratio(wallRatio), `${succeeded}/${readers}`],
      verdict: atMost(1.6, wallRatio),
    },
  ]
}

async function loginAtOnce(subject: Subject, more: Environment): Promise<Row[]> {
  const portal = await startPortal({ intervalSeconds: 1, enforceInterval: false })
  const home = makeDirectory()
  const env = bareEnvironment(home.path, { ...subject.environment(), ...more })
  await runToEnd([...subject.program, ...subject.configure(portal.signInUrl)], env)
  const { wallMs, succeeded } = await allAtOnce(
    logins,
    [...subject.program, ...subject.login(lastRole(oneRole))],
    env,
  )
  const flows = portal.calls().filter((call) => call === 'POST /device-authorization').length
  await portal.stop()
  home.remove()
  const all = exactly(1, flows).met && succeeded === logins
  return [
    {
      what: `${logins} logins, ${subject.name}`,
      figures: [ms(wallMs), '', `${succeeded}/${logins}`, String(flows)],
      ...(subject === sesame ? { verdict: { target: 'all, 1 sign-in', met: all } } : {}),
    },
  ]
}

async function allAtOnce(count: number, command: readonly string[], env: Environment) {
  const startedAtMs = performance.now()
  const ended = await Promise.all(Array.from({ length: count }, () => tryToEnd(command, env)))
  return {
    wallMs: Math.max(...ended.map(({ endedAtMs }) => endedAtMs)) - startedAtMs,
    succeeded: ended.filter(
      ({ code, stdout }) => code === 0 && (command.includes('-e') || stdout.includes('STS.')),
    ).length,
  }
}
