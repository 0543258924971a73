import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { writeCompatibility } from './compatibility.ts'
import type { Peer, Row } from './peer.ts'
import { peers } from './peers.ts'
import { runPeer } from './run-peer.ts'

/*
 * `npm run peers [NAME…] [--list] [--install] [--json FILE] [--docs]`: the built program against independent implementations.
 * Prints a table and ends with `N passed, N failed, N skipped`.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    install: { type: 'boolean' },
    json: { type: 'string' },
    docs: { type: 'boolean' },
  },
})

function chosen(): readonly Peer[] {
  const unknown = positionals.find((name) => !peers.some((peer) => peer.name === name))
  if (unknown !== undefined) {
    console.error(`There is no peer "${unknown}". These are: ${peers.map(({ name }) => name).join(' ')}`)
    process.exit(2)
  }
  return positionals.length === 0 ? peers : peers.filter(({ name }) => positionals.includes(name))
}

async function list(): Promise<void> {
  for (const peer of chosen()) {
    const missing = await peer.missing()
    const state = missing === undefined ? await peer.version() : `${missing.reason}: ${missing.install}`
    console.log(`${peer.kind.padEnd(9)} ${peer.name.padEnd(24)} ${state}`)
  }
}

async function runAll(): Promise<Row[]> {
  const rows: Row[] = []
  for (const peer of chosen()) {
    if (values.install && (await peer.missing()) !== undefined) await peer.install?.()
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
  const rows = await runAll()
  const count = (...outcomes: Row['outcome'][]) =>
    rows.filter(({ outcome }) => outcomes.includes(outcome)).length
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
  if (values.docs) writeCompatibility(rows, new Date())
  console.log(`\n${count('ok')} passed, ${count('failed')} failed, ${count('skipped', 'known')} skipped`)
  // A step that was given up may have left something running.
  process.exit(count('failed') === 0 ? 0 : 1)
}
