import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../demo/build.ts'
import { writeCompatibility } from './compatibility.ts'
import { peersCache } from './find-program.ts'
import type { Peer, Row } from './peer.ts'
import { peers } from './peers.ts'
import { runPeer } from './run-peer.ts'

/*
 * `npm run peers [NAME…] [--list] [--install] [--json FILE] [--docs]`: the built program against independent implementations.
 * Prints a table and ends with `N passed, N failed, N skipped`.
 */

const usage = 'npm run peers -- [NAME…] [--list] [--install] [--json FILE] [--docs]'
const { values, positionals } = readArguments()

function readArguments() {
  const options = {
    list: { type: 'boolean' },
    install: { type: 'boolean' },
    json: { type: 'string' },
    docs: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return refuse(`${(error as Error).message}\n${usage}`)
  }
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}

function chosen(): readonly Peer[] {
  const unknown = positionals.find((name) => !peers.some((peer) => peer.name === name))
  if (unknown !== undefined)
    refuse(`There is no peer "${unknown}". These are: ${peers.map(({ name }) => name).join(' ')}`)
  return positionals.length === 0 ? peers : peers.filter(({ name }) => positionals.includes(name))
}

async function list(): Promise<void> {
  for (const peer of chosen()) {
    const missing = await peer.missing()
    const state = missing === undefined ? await peer.version() : `${missing.reason}: ${missing.install}`
    console.log(`${peer.kind.padEnd(9)} ${peer.name.padEnd(24)} ${state}`)
  }
}

async function install(peer: Peer): Promise<void> {
  if (peer.install === undefined || (await peer.missing()) === undefined) return
  console.error(`Installing ${peer.name} into ${peersCache} …`)
  try {
    await peer.install()
  } catch (error) {
    console.error(`${peer.name} could not be installed: ${(error as Error).message}`)
  }
}

async function runAll(selected: readonly Peer[]): Promise<Row[]> {
  const rows: Row[] = []
  ensureBuilt()
  for (const peer of selected) {
    if (values.install) await install(peer)
    await runPeer(peer, (row) => {
      rows.push(row)
      console.log(lineOf(row))
    })
  }
  return rows
}

function lineOf({ peer, version, step, outcome, why }: Row): string {
  const columns = [peer.padEnd(24), version.padEnd(12), step.padEnd(36), outcome]
  return `${columns.join(' ')}${why === undefined ? '' : `: ${why}`}`
}

if (values.list) await list()
else {
  const rows = await runAll(chosen())
  const count = (...outcomes: Row['outcome'][]) =>
    rows.filter(({ outcome }) => outcomes.includes(outcome)).length
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
  if (values.docs) writeCompatibility(rows, new Date())
  console.log(`\n${count('ok')} passed, ${count('failed')} failed, ${count('skipped', 'known')} skipped`)
  // A step that was given up may have left something running.
  process.exit(count('failed') === 0 ? 0 : 1)
}
