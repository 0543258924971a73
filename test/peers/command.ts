import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../demo/build.ts'
import { writeCompatibility } from './compatibility.ts'
import { peersCache } from './find-program.ts'
import type { Peer, Row } from './peer.ts'
import { peers } from './peers.ts'
import { runPeer } from './run-peer.ts'

const usage = 'npm run peers -- [NAME…] [--list] [--install] [--json FILE] [--docs]'

/** Where the command writes, a line at a time. */
export interface PeersOutput {
  print(line: string): void
  complain(line: string): void
}

interface Request {
  selected: readonly Peer[]
  list: boolean
  install: boolean
  docs: boolean
  json: string | undefined
}

/**
 * `npm run peers` with these words: the built program against independent implementations. Prints a table and ends with
 * `N passed, N failed, N skipped`.
 * @returns the exit code: 1 when a step failed, 2 for wrong usage
 */
export async function runPeersCommand(words: readonly string[], output: PeersOutput): Promise<number> {
  let request: Request
  try {
    request = readRequest(words)
  } catch (error) {
    output.complain((error as Error).message)
    return 2
  }
  if (request.list) {
    for (const peer of request.selected) output.print(await describe(peer))
    return 0
  }
  const rows = await runAll(request, output)
  const count = (...outcomes: Row['outcome'][]) =>
    rows.filter(({ outcome }) => outcomes.includes(outcome)).length
  if (request.json !== undefined) writeFileSync(request.json, `${JSON.stringify(rows, null, 2)}\n`)
  if (request.docs) writeCompatibility(rows, new Date())
  output.print(`\n${count('ok')} passed, ${count('failed')} failed, ${count('skipped', 'known')} skipped`)
  return count('failed') === 0 ? 0 : 1
}

/** @throws Error that says what is wrong with the words */
function readRequest(words: readonly string[]): Request {
  const { values, positionals } = readWords(words)
  const unknown = positionals.find((name) => !peers.some((peer) => peer.name === name))
  if (unknown !== undefined)
    throw new Error(`There is no peer "${unknown}". These are: ${peers.map(({ name }) => name).join(' ')}`)
  const selected = positionals.length === 0 ? peers : peers.filter(({ name }) => positionals.includes(name))
  const { list = false, install = false, docs = false, json } = values
  return { selected, list, install, docs, json }
}

function readWords(words: readonly string[]) {
  const options = {
    list: { type: 'boolean' },
    install: { type: 'boolean' },
    json: { type: 'string' },
    docs: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`)
  }
}

async function describe(peer: Peer): Promise<string> {
  const missing = await peer.missing()
  const state = missing === undefined ? await peer.version() : `${missing.reason}: ${missing.install}`
  return `${peer.kind.padEnd(9)} ${peer.name.padEnd(24)} ${state}`
}

async function runAll({ selected, install }: Request, { print, complain }: PeersOutput): Promise<Row[]> {
  const rows: Row[] = []
  ensureBuilt()
  for (const peer of selected) {
    if (install) await installPeer(peer, complain)
    await runPeer(peer, (row) => {
      rows.push(row)
      print(lineOf(row))
    })
  }
  return rows
}

async function installPeer(peer: Peer, complain: (line: string) => void): Promise<void> {
  if (peer.install === undefined || (await peer.missing()) === undefined) return
  complain(`Installing ${peer.name} into ${peersCache} …`)
  try {
    await peer.install()
  } catch (error) {
    complain(`${peer.name} could not be installed: ${(error as Error).message}`)
  }
}

function lineOf({ peer, version, step, outcome, why }: Row): string {
  const columns = [peer.padEnd(24), version.padEnd(12), step.padEnd(36), outcome]
  return `${columns.join(' ')}${why === undefined ? '' : `: ${why}`}`
}
