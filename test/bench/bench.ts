import { parseArgs } from 'node:util'
import { ensureBuilt } from '../demo/build.ts'
import { startKeyring } from '../support/keyring.ts'
import { startPortal } from '../support/portal.ts'
import { measureCachedPath } from './cached-path.ts'
import { measureLoginFlow } from './login-flow.ts'
import { measureManyAtOnce } from './many-at-once.ts'
import { measureOtherCommands } from './other-commands.ts'
import { measurePeakMemory } from './peak-memory.ts'
import { peerFrom } from './peer.ts'
import { measureProfileSync } from './profile-sync.ts'
import { formatTable, type Table } from './report.ts'
import { measureServerSideTokens } from './server-side-tokens.ts'
import { measureSignatures } from './signatures.ts'
import { prepareStandalone } from './standalone.ts'
import { measureUrlShown } from './url-shown.ts'

/*
 * `npm run bench`: how fast the built program is, against a mock portal and a real keychain of this run. Every figure
 * that has a target stands beside it. `--peer FILE` measures another client with acs-sso's command line as well,
 * `--runs N` sets the number of runs of the cached path, `--only ab` picks tables.
 */

const { values } = parseArgs({
  options: {
    peer: { type: 'string' },
    runs: { type: 'string', default: '21' },
    only: { type: 'string', default: 'abcdefghi' },
  },
})
const runs = Math.max(3, Number(values.runs))
const peer = values.peer === undefined ? undefined : peerFrom(values.peer)

ensureBuilt()
const keyring = await startKeyring({ mode: 'unlocked' })
const portal = await startPortal({ enforceInterval: false })
const bus = { DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS ?? '' }
const tables: Table[] = []

async function measure(letter: string, make: () => Promise<Table>): Promise<void> {
  if (!values.only.includes(letter)) return
  const done = await make()
  tables.push(done)
  process.stdout.write(`${formatTable(done)}\n`)
}

process.stdout.write(`sesame bench, Node ${process.versions.node}, ${process.platform} ${process.arch}\n\n`)
try {
  const standalone = /[abi]/.test(values.only) ? prepareStandalone() : undefined
  await measure('a', () => measureCachedPath({ keyring, portal, peer, standalone }, runs))
  await measure('b', () =>
    measureUrlShown({ bus, peer, standalone: standalone?.subject }, Math.ceil(runs / 2)),
  )
  await measure('c', () => measureLoginFlow({ bus, peer }, 3))
  await measure('d', () => measurePeakMemory({ bus, portal }, 5))
  await measure('e', () => measureManyAtOnce({ bus, peer }))
  await measure('f', measureSignatures)
  await measure('g', measureServerSideTokens)
  await measure('h', () => measureProfileSync({ bus }, 3))
  await measure('i', () => measureOtherCommands({ bus, portal, standalone }, runs))
  standalone?.remove()
} finally {
  await portal.stop()
  await keyring.stop()
}
const verdicts = tables.flatMap(({ rows }) => rows.flatMap(({ verdict }) => verdict ?? []))
const met = verdicts.filter((verdict) => verdict.met).length
process.stdout.write(`${met} of ${verdicts.length} targets met.\n`)
