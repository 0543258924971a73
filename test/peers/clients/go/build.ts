import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram, peersCache } from '../../find-program.ts'
import type { Missing } from '../../peer.ts'

const sources = join(import.meta.dirname, 'programs')

/** Go by the PATH, or where its own archive is unpacked to. */
const go = () => findProgram('go') ?? ['/usr/local/go/bin/go'].find((path) => existsSync(path))

/** Where the programs of this state of the sources lie once they are built. */
function builtDirectory(): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) hash.update(readFileSync(join(entry.parentPath, entry.name)))
  return join(peersCache, `go-clients-${hash.digest('hex').slice(0, 12)}`)
}

/** The path of one program. */
export function goProgram(name: string): string {
  return join(builtDirectory(), name)
}

/** Why the programs are not there. */
export function missingGo(peer: string): Missing | undefined {
  if (existsSync(builtDirectory())) return undefined
  const install = `npm run peers -- --install ${peer}`
  return go() === undefined
    ? { reason: 'no Go in PATH', install: `get Go 1.24 or newer, then ${install}` }
    : { reason: 'its Go program is not built', install }
}

/** Builds all programs, with the SDKs of the versions that go.mod names. */
export async function buildGo(): Promise<void> {
  const program = go()
  if (program === undefined || existsSync(builtDirectory())) return
  const work = join(peersCache, `go-clients-work-${process.pid}`)
  try {
    mkdirSync(work, { recursive: true })
    cpSync(sources, work, { recursive: true })
    const words = ['build', '-mod=mod', '-o', `${join(work, 'bin')}/`]
    await promisify(execFile)(program, [...words, './credentials', './oss', './sdk'], { cwd: work })
    renameSync(join(work, 'bin'), builtDirectory())
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The version of a module that the programs are built with. */
export function goModuleVersion(module: string): string {
  const text = readFileSync(join(sources, 'go.mod'), 'utf8')
  return new RegExp(`/${module} v(\\S+)`).exec(text)?.[1] ?? ''
}
