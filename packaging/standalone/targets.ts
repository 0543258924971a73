import { readFileSync } from 'node:fs'

/** A platform that an executable is made for. */
export interface Target {
  name: string
  /** The npm package of its runtime. */
  runtime: string
  /** What `bun build --target` calls it. */
  bunTarget: string
  /** Of the file's name: `.exe` on Windows. */
  suffix: string
}

const row = (name: string, runtime: string, bunTarget: string): Target => ({
  name,
  runtime: `@oven/bun-${runtime}`,
  bunTarget: `bun-${bunTarget}`,
  suffix: name.startsWith('windows') ? '.exe' : '',
})

/** Every platform with a pinned runtime. `baseline` is for processors without AVX2. */
const targets: readonly Target[] = [
  row('linux-x64', 'linux-x64', 'linux-x64'),
  row('linux-x64-baseline', 'linux-x64-baseline', 'linux-x64-baseline'),
  row('linux-arm64', 'linux-aarch64', 'linux-arm64'),
  row('linux-x64-musl', 'linux-x64-musl', 'linux-x64-musl'),
  row('linux-x64-musl-baseline', 'linux-x64-musl-baseline', 'linux-x64-musl-baseline'),
  row('linux-arm64-musl', 'linux-aarch64-musl', 'linux-arm64-musl'),
  row('darwin-arm64', 'darwin-aarch64', 'darwin-arm64'),
  row('darwin-x64', 'darwin-x64', 'darwin-x64'),
  row('windows-x64', 'windows-x64', 'windows-x64'),
  row('windows-x64-baseline', 'windows-x64-baseline', 'windows-x64-baseline'),
  row('windows-arm64', 'windows-aarch64', 'windows-arm64'),
]

/**
 * Targets whose executable lacks nothing. The others need the keychain binding of their platform inside, or have not been tried.
 */
const complete = ['linux-x64']

interface Pins {
  version: string
  integrity: Record<string, string>
}

/** Version and integrity of the runtimes, the only ones that are ever used. */
export const pins: Pins = JSON.parse(readFileSync(new URL('runtimes.json', import.meta.url), 'utf8'))

/** @throws Error for a name that is none, with those that are */
export function findTarget(name: string): Target {
  const target = targets.find((each) => each.name === name)
  if (target !== undefined && complete.includes(name)) return target
  const why = target === undefined ? 'is no target' : 'is not complete yet'
  throw new Error(`${name} ${why}; what can be built: ${complete.join(', ')}`)
}

/** The target that runs here: its runtime is the one that builds. */
export function hostTarget(): Target {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  const musl = system === 'linux' && report?.header?.glibcVersionRuntime === undefined ? '-musl' : ''
  const name = `${system}-${process.arch}${musl}`
  const target = targets.find((each) => each.name === name)
  if (target === undefined) throw new Error(`There is no runtime for ${name}.`)
  return target
}
