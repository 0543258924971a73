import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Pins, pins, type Target } from './targets.ts'

/** The runtime of a target, unpacked below `work`. */
export interface Runtime {
  target: Target
  /** The path of its program. */
  path: string
}

/** The keychain binding of a target. */
export interface Binding {
  /** Of its npm package. */
  name: string
  version: string
  /** The native library. */
  content: Buffer
  /** The licences of what it was built from. */
  notices: string
}

/** The registry does not answer: nothing can be built here. */
export class RuntimeUnavailable extends Error {}

/**
 * The runtime of a target, from the npm package that is pinned for it. The package is kept in the user's cache and its hash is
 * checked each time it is used. As a devDependency it would put 100 MB into every installation.
 *
 * @throws RuntimeUnavailable when it cannot be had, Error when it is another one
 */
export function fetchRuntime(target: Target, work: string): Runtime {
  const directory = unpack(target.runtime, pins.bun, work)
  const path = join(directory, 'bin', target.suffix === '' ? 'bun' : 'bun.exe')
  if (!existsSync(path)) throw new Error(`${target.runtime} ${pins.bun.version} holds no runtime.`)
  return { target, path }
}

/**
 * The keychain binding of a target, in the same way: npm installs that of the machine that builds, no other. Undefined for a target
 * that has none.
 *
 * @throws RuntimeUnavailable when it cannot be had, Error when it is another one
 */
export function fetchBinding({ binding: name }: Target, work: string): Binding | undefined {
  if (name === undefined) return undefined
  const directory = unpack(name, pins.keyring, work)
  const { main, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  return {
    name,
    version,
    content: readFileSync(join(directory, main)),
    notices: readFileSync(join(directory, 'LICENSE.third-party.md'), 'utf8').trim(),
  }
}

/** @returns the directory of the package's files */
function unpack(name: string, from: Pins, work: string): string {
  const directory = join(work, fileName(name))
  mkdirSync(directory, { recursive: true })
  execFileSync('tar', ['-xzf', fetchPackage(name, from), '-C', directory])
  return join(directory, 'package')
}

function fetchPackage(name: string, { version, integrity }: Pins): string {
  const wanted = integrity[name]
  if (wanted === undefined) throw new Error(`${name} is not pinned.`)
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sesame-standalone-build')
  const kept = join(cache, `${fileName(name)}-${version}.tgz`)
  if (existsSync(kept) && integrityOf(kept) === wanted) return kept
  mkdirSync(cache, { recursive: true })
  const arriving = mkdtempSync(join(cache, 'arriving-'))
  try {
    const words = ['pack', '--silent', '--pack-destination', arriving, `${name}@${version}`]
    const { status, stdout, stderr } = spawnSync('npm', words, { encoding: 'utf8' })
    if (status !== 0)
      throw new RuntimeUnavailable(`${name} cannot be had: ${String(stderr).trim().slice(-300)}`)
    const arrived = join(arriving, stdout.trim())
    const found = integrityOf(arrived)
    if (found !== wanted) throw new Error(`${name} ${version} is not what is pinned: ${found}`)
    renameSync(arrived, kept)
    return kept
  } finally {
    rmSync(arriving, { recursive: true, force: true })
  }
}

const fileName = (packageName: string) => packageName.replace(/[@/]/g, '_')

/** Of a file, as npm writes it in lock files. */
function integrityOf(path: string): string {
  return `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`
}
