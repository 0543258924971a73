import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pins, type Target } from './targets.ts'

/** The runtime of a target, unpacked below `work`. */
export interface Runtime {
  target: Target
  /** The path of its program. */
  path: string
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
  const directory = join(work, target.name)
  mkdirSync(directory, { recursive: true })
  execFileSync('tar', ['-xzf', fetchPackage(target.runtime), '-C', directory])
  const path = join(directory, 'package', 'bin', target.suffix === '' ? 'bun' : 'bun.exe')
  if (!existsSync(path)) throw new Error(`${target.runtime} ${pins.version} holds no runtime.`)
  return { target, path }
}

function fetchPackage(name: string): string {
  const wanted = pins.integrity[name]
  if (wanted === undefined) throw new Error(`${name} is not pinned.`)
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sesame-standalone-build')
  const kept = join(cache, `${name.replace(/[@/]/g, '_')}-${pins.version}.tgz`)
  if (existsSync(kept) && integrityOf(kept) === wanted) return kept
  mkdirSync(cache, { recursive: true })
  const arriving = mkdtempSync(join(cache, 'arriving-'))
  try {
    const words = ['pack', '--silent', '--pack-destination', arriving, `${name}@${pins.version}`]
    const { status, stdout, stderr } = spawnSync('npm', words, { encoding: 'utf8' })
    if (status !== 0)
      throw new RuntimeUnavailable(`${name} cannot be had: ${String(stderr).trim().slice(-300)}`)
    const arrived = join(arriving, stdout.trim())
    const found = integrityOf(arrived)
    if (found !== wanted) throw new Error(`${name} ${pins.version} is not what is pinned: ${found}`)
    renameSync(arrived, kept)
    return kept
  } finally {
    rmSync(arriving, { recursive: true, force: true })
  }
}

/** Of a file, as npm writes it in lock files. */
function integrityOf(path: string): string {
  return `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`
}
