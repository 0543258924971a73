import { scryptSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import type { Keyring } from '../support/keyring.ts'
import { oneRole, type TestPortal } from '../support/portal.ts'
import { type Case, mediansOf, nodeFloor, peakMiB, rowOf, runInTurn, timeColumns } from './interleaved.ts'
import { atMost, ms, type Row, ratio, type Table } from './report.ts'
import type { Standalone } from './standalone.ts'
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

interface CachedPathOptions {
  keyring: Keyring
  portal: TestPortal
  peer: Subject | undefined
  standalone: Standalone | undefined
}

/** The path that a shell or SDK waits for, start of the process to its exit, with every store; beside `node -e 0`. */
export async function measureCachedPath(
  { keyring, portal, peer, standalone }: CachedPathOptions,
  runs: number,
): Promise<Table> {
  const directories: { remove(): void }[] = []
  const signedIn = async (subject: Subject, more: Environment): Promise<Environment> => {
    const home = makeDirectory()
    directories.push(home)
    const env = bareEnvironment(home.path, { ...subject.environment(), ...more })
    await runToEnd([...subject.program, ...subject.configure(portal.signInUrl)], env)
    await runToEnd([...subject.program, ...subject.login(lastRole(oneRole))], env)
    return env
  }
  /** A key of full strength: whatever file it was made for, a new one can be opened by it too. */
  const newKey = async () => {
    const home = makeDirectory()
    directories.push(home)
    const words = ['configure', '--store', 'encrypted-file', '--new-key']
    return (await runToEnd([...sesame.program, ...words], bareEnvironment(home.path))).stdout.trim()
  }
  /** Only where there is a file system in memory. */
  const unlocked = async (): Promise<Case[]> => {
    if (!existsSync('/dev/shm')) return []
    const runtime = mkdtempSync('/dev/shm/sesame-bench-')
    directories.push({ remove: () => rmSync(runtime, { recursive: true, force: true }) })
    const env = await signedIn(sesame, { ...encrypted, XDG_RUNTIME_DIR: runtime })
    await runToEnd([...sesame.program, 'unlock'], env)
    const { SESAME_PASSPHRASE: _, ...bare } = env
    const name = 'encrypted file, unlocked'
    return [
      { name, command, env: bare, runs: [], limit: 1.6 },
      ...alone.map((words) => ({
        name: `standalone: ${name}`,
        command: words,
        env: bare,
        runs: [],
        limit: 0.5,
      })),
    ]
  }
  const bus = { DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS ?? '' }
  const command = [...sesame.program, ...sesame.cached]
  const alone = standalone === undefined ? [] : [[...standalone.subject.program, ...sesame.cached]]
  const encrypted = { SESAME_STORE: 'encrypted-file', SESAME_PASSPHRASE: 'only for this bench' }
  const floor = nodeFloor(bareEnvironment('/'))
  const cases: Case[] = [
    floor,
    { name: 'keychain', command, env: await signedIn(sesame, bus), runs: [], limit: 1.4 },
    {
      name: 'plaintext file',
      command,
      env: await signedIn(sesame, { SESAME_STORE: 'plaintext' }),
      runs: [],
      limit: 1.15,
    },
    { name: 'encrypted file', command, env: await signedIn(sesame, encrypted), runs: [] },
    {
      name: 'encrypted file, with a key',
      command,
      env: await signedIn(sesame, { ...encrypted, SESAME_PASSPHRASE: await newKey() }),
      runs: [],
      limit: 1.6,
    },
    ...(await unlocked()),
  ]
  if (peer !== undefined)
    cases.push({
      name: peer.name,
      command: [...peer.program, ...peer.cached],
      env: await signedIn(peer, {}),
      runs: [],
    })
  if (standalone !== undefined)
    cases.push({ name: 'empty compiled program', command: [standalone.empty], env: floor.env, runs: [] })
  for (const words of alone)
    for (const [name, limit] of [
      ['keychain', 0.5],
      ['plaintext file', 0.38],
    ] as const) {
      const env = cases.find((each) => each.name === name)?.env ?? {}
      cases.push({ name: `standalone: ${name}`, command: words, env, runs: [], limit })
    }
  const before = portal.requests.length
  await runInTurn(cases, runs)
  const peaks = await peaksOf(cases.filter(({ name }) => name.startsWith('standalone: ')))
  const requests = portal.requests.length - before
  for (const directory of directories) directory.remove()
  if (requests > 0) throw new Error(`${requests} requests went out from the cached path`)
  return {
    title: '(a) cached "login --env", start of the process to its exit',
    columns: timeColumns,
    rows: [...cases.map((each) => rowOf(each, floor)), ...derivationRows(cases, floor, runs), ...peaks],
    notes: [
      `Medians of ${runs} interleaved runs; cpu is user + system; the target holds for the wall ratio.`,
      ...(standalone !== undefined && peaks.length === 0 ? ['No peak memory: GNU time is not there.'] : []),
    ],
  }
}

const mostMiB = 40

async function peaksOf(cases: readonly Case[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const each of cases) {
    const peak = await peakMiB(each)
    if (peak === undefined) continue
    const figures = [`${peak.toFixed(1)} MiB`]
    rows.push({ what: `${each.name}, peak memory`, figures, verdict: atMost(mostMiB, peak, ' MiB') })
  }
  return rows
}

/** What of the encrypted file is the derivation of its key, slow on purpose. */
function derivationRows(cases: readonly Case[], floor: Case, runs: number): Row[] {
  const whole = cases.find(({ name }) => name === 'encrypted file')
  if (whole === undefined) return []
  const key = timeKeyDerivation(runs)
  const [base, medians] = [mediansOf(floor), mediansOf(whole)]
  const wallMs = medians.wallMs - key.wallMs
  const cpuMs = medians.cpuMs - key.cpuMs
  return [
    { what: '  of it scrypt', figures: [ms(key.wallMs), '', '', ms(key.cpuMs)] },
    {
      what: '  without it',
      figures: [ms(wallMs), '', ratio(wallMs / base.wallMs), ms(cpuMs), ratio(cpuMs / base.cpuMs)],
    },
  ]
}

/** The same derivation as the encrypted store's, in this process. */
function timeKeyDerivation(runs: number): { wallMs: number; cpuMs: number } {
  const once = () => {
    const startedAtMs = performance.now()
    const cpu = process.cpuUsage()
    scryptSync('only for this bench', Buffer.alloc(16), 32, { N: 32768, r: 8, p: 3, maxmem: 2 ** 26 })
    const { user, system } = process.cpuUsage(cpu)
    return { wallMs: performance.now() - startedAtMs, cpuMs: (user + system) / 1000 }
  }
  const all = Array.from({ length: runs }, once)
  return { wallMs: median(all.map((each) => each.wallMs)), cpuMs: median(all.map((each) => each.cpuMs)) }
}
