import { spawnSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

export interface Installed {
  /** Names with versions, this package included. */
  packages: string[]
  /** What `node_modules` takes on the disk, in MB of 2^20 bytes. */
  megabytes: number
}

/** Packs this package and installs the tarball into an empty project, as a user does; npm asks its registry for what it depends on. */
export function installTarball(): Installed {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-install-'))
  try {
    const packed = npm(root, 'pack', '--json', '--pack-destination', directory)
    // The build, which npm runs first, may print before the report.
    const [{ filename }] = JSON.parse(packed.slice(packed.search(/^\[/m))) as [{ filename: string }]
    writeFileSync(join(directory, 'package.json'), '{ "private": true }\n')
    npm(directory, 'install', '--no-audit', '--no-fund', '--prefer-offline', join(directory, filename))
    const modules = join(directory, 'node_modules')
    const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>
    }
    const packages = Object.entries(lock.packages).map(
      ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`,
    )
    return { packages, megabytes: diskUsage(modules) / 2 ** 20 }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function npm(cwd: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', words, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${words.join(' ')}: exit ${status}\n${stderr}`)
  return stdout
}

/** Bytes in whole blocks, as `du` counts. */
function diskUsage(path: string): number {
  const stats = lstatSync(path)
  const below = stats.isDirectory() ? readdirSync(path).map((name) => diskUsage(join(path, name))) : []
  return below.reduce((sum, each) => sum + each, stats.blocks * 512)
}
