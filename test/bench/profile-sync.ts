import { makeDirectory as makeAccounts, startHttpProxy } from '../../mocks/index.ts'
import { atMost, ms, type Row, type Table } from './report.ts'
import { startSlowPortal } from './slow-portal.ts'
import { median } from './statistics.ts'
import { bareEnvironment, type Environment, makeDirectory, runToEnd, sesame } from './subject.ts'

const latencyMs = 50
const accounts = 1000
const wholeMs = 10_000
const mostConnections = 16

interface Measured {
  wallMs: number
  requests: number
  connections: number
}

/** A profile for each of the 2,000 access configurations of a large directory, directly and through a proxy. */
export async function measureProfileSync({ bus }: { bus: Environment }, runs: number): Promise<Table> {
  const rows: Row[] = []
  for (const proxied of [false, true]) {
    for (const again of [false, true]) {
      const all: Measured[] = []
      for (let run = 0; run < runs; run++) all.push(await syncOnce({ proxied, again }, bus))
      const wallMs = median(all.map((each) => each.wallMs))
      const connections = Math.max(...all.map((each) => each.connections))
      const { target, met } = atMost(wholeMs, wallMs, ' ms')
      rows.push({
        what: `${again ? 'again, nothing to change' : 'first run, with the sign-in'}${proxied ? ', proxy' : ''}`,
        figures: [ms(wallMs), String(median(all.map((each) => each.requests))), String(connections)],
        verdict: {
          target: `${target}, <= ${mostConnections}`,
          met: met && connections <= mostConnections,
        },
      })
    }
  }
  return {
    title: `(h) profile sync: ${accounts} accounts with two access configurations each`,
    columns: ['whole', 'requests', 'connections'],
    rows,
    notes: [
      `TLS portal, ${latencyMs} ms more for each connection and request; medians of ${runs}. The first run is approved at once and holds`,
      'the wait of one poll interval (1 s).',
    ],
  }
}

async function syncOnce(
  { proxied, again }: { proxied: boolean; again: boolean },
  bus: Environment,
): Promise<Measured> {
  const host = proxied ? 'portal.example.test' : '127.0.0.1'
  const slow = await startSlowPortal(
    latencyMs,
    { intervalSeconds: 1, enforceInterval: false, approve: 'auto', directory: makeAccounts(accounts) },
    host,
  )
  const proxy = proxied
    ? await startHttpProxy({ hosts: { [`${host}:443`]: `127.0.0.1:${slow.port}` } })
    : undefined
  const home = makeDirectory()
  const env = bareEnvironment(home.path, {
    ...bus,
    ...sesame.environment(slow.caFile),
    ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy.url }),
  })
  const words = ['profile', 'sync', '--signin-url', slow.portal.signInUrl, '--no-browser']
  const command = [...sesame.program, ...words]
  if (again) await runToEnd(command, env)
  const opened = () => proxy?.tunnels.length ?? slow.portal.connections
  const before = { requests: slow.portal.requests.length, connections: opened() }
  const { wallMs } = await runToEnd(command, env)
  const measured = {
    wallMs,
    requests: slow.portal.requests.length - before.requests,
    connections: opened() - before.connections,
  }
  await proxy?.close()
  await slow.stop()
  home.remove()
  return measured
}
