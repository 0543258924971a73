import { type Directory, makeDirectory as makeAccounts, startHttpProxy } from '../../mocks/index.ts'
import { oneRole } from '../support/portal.ts'
import { atMost, exactly, ms, type Row, type Table } from './report.ts'
import { startSlowPortal } from './slow-portal.ts'
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

const latencyMs = 50
const intervalSeconds = 1
/** A seventh of what the vendor's own client takes for a thousand accounts. */
const thousandAccountsMs = 766

interface Measured {
  /** From the start of the process to its end. */
  wholeMs: number
  /** From the arrival of the poll that finds the approval to the end of the process. */
  afterPollMs: number
  requests: number
  connections: number
}

/** A whole login, and what of it follows the approval, for few and many accounts, directly and through a proxy. */
export async function measureLoginFlow(
  { bus, peer }: { bus: Environment; peer: Subject | undefined },
  runs: number,
): Promise<Table> {
  const rows: Row[] = []
  for (const subject of peer === undefined ? [sesame] : [sesame, peer]) {
    for (const proxied of [false, true]) {
      for (const accounts of [1, 1000]) {
        const all: Measured[] = []
        for (let run = 0; run < runs; run++) all.push(await loginOnce(subject, accounts, proxied, bus))
        const middle = (pick: (measured: Measured) => number) => median(all.map(pick))
        const what = `${subject.name}, ${accounts} ${accounts === 1 ? 'account' : 'accounts'}${proxied ? ', proxy' : ''}`
        const afterPollMs = middle((each) => each.afterPollMs)
        const connections = Math.max(...all.map((each) => each.connections))
        rows.push({
          what,
          figures: [
            ms(middle((each) => each.wholeMs)),
            ms(afterPollMs),
            String(middle((each) => each.requests)),
            String(connections),
          ],
          ...(subject !== sesame
            ? {}
            : accounts === 1
              ? { verdict: onlyOneConnection(connections) }
              : { verdict: bothMet(afterPollMs, connections) }),
        })
      }
    }
  }
  return {
    title: '(c) login: the whole, and from the poll that finds the approval to the exit',
    columns: ['whole login', 'poll to exit', 'requests', 'connections'],
    rows,
    notes: [
      `TLS portal, ${latencyMs} ms more for each connection and request; medians of ${runs}. Everything is approved at once:`,
      `the whole holds the wait of one poll interval (${intervalSeconds} s), which the server asks for and here does not enforce,`,
      'so only "poll to exit" compares clients. All accounts are listed, then the last one is taken.',
    ],
  }
}

function onlyOneConnection(connections: number) {
  const { met } = exactly(1, connections)
  return { target: '1 connection', met }
}

function bothMet(afterPollMs: number, connections: number) {
  const { target, met } = atMost(thousandAccountsMs, afterPollMs, ' ms')
  return { target: `${target}, 1 connection`, met: met && connections === 1 }
}

async function loginOnce(
  subject: Subject,
  accounts: number,
  proxied: boolean,
  bus: Environment,
): Promise<Measured> {
  const directory: Directory = accounts === 1 ? oneRole : makeAccounts(accounts)
  const host = proxied ? 'portal.example.test' : '127.0.0.1'
  const slow = await startSlowPortal(
    latencyMs,
    { intervalSeconds, enforceInterval: false, approve: 'auto', directory },
    host,
  )
  const proxy = proxied
    ? await startHttpProxy({ hosts: { [`${host}:443`]: `127.0.0.1:${slow.port}` } })
    : undefined
  const home = makeDirectory()
  const env = bareEnvironment(home.path, {
    ...bus,
    ...subject.environment(slow.caFile),
    ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy.url }),
  })
  await runToEnd([...subject.program, ...subject.configure(slow.portal.signInUrl)], env)
  const { wallMs, endedAtMs } = await runToEnd(
    [...subject.program, ...subject.login(lastRole(directory))],
    env,
  )
  const granted = slow.portal.requests.findLast(({ path }) => path === '/token')
  const measured = {
    wholeMs: wallMs,
    afterPollMs: endedAtMs - (granted?.atMs ?? Number.NaN),
    requests: slow.portal.requests.length,
    connections: proxy === undefined ? slow.portal.connections : proxy.tunnels.length,
  }
  await proxy?.close()
  await slow.stop()
  home.remove()
  return measured
}
