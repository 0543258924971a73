import { readFileSync } from 'node:fs'

/** A platform that an executable is made for. */
export interface Target {
  name: string
  /** The npm package of its runtime. */
  runtime: string
  /** What `bun build --target` calls it. */
  bunTarget: string
  /** The npm package of its keychain binding; undefined on Linux, where the Secret Service is reached without one. */
  binding: string | undefined
  /** Of the file's name: `.exe` on Windows. */
  suffix: '' | '.exe'
}

function row(name: string, runtime: string, bunTarget: string): Target {
  const [system, processor] = name.split('-')
  const bindings: Record<string, string> = {
    darwin: `@napi-rs/keyring-darwin-${processor}`,
    windows: `@napi-rs/keyring-win32-${processor}-msvc`,
  }
  return {
    name,
    runtime: `@oven/bun-${runtime}`,
    bunTarget: `bun-${bunTarget}`,
    binding: bindings[system ?? ''],
    suffix: system === 'windows' ? '.exe' : '',
  }
}

/** Every platform with a pinned runtime. `baseline` is for processors without AVX2. */
export const targets: readonly Target[] = [
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

/** One version of packages from npm, and the integrity of each. */
export interface Pins {
  version: string
  integrity: Record<string, string>
}

/** The runtimes and the keychain bindings, the only ones that are ever used. */
export const pins: { bun: Pins; keyring: Pins } = JSON.parse(
  readFileSync(new URL('pinned.json', import.meta.url), 'utf8'),
)

/** @throws Error for a name that is none, with those that are */
export function findTarget(name: string): Target {
  const target = targets.find((each) => each.name === name)
  if (target !== undefined) return target
  throw new Error(`${name} is no target; targets are ${targets.map((each) => each.name).join(', ')}, and all`)
}

/** The target that runs here: its runtime is the one that builds. */
export function hostTarget(): Target {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  const musl = system === 'linux' && report?.header?.glibcVersionRuntime === undefined ? '-musl' : ''
  return findTarget(`${system}-${process.arch}${musl}`)
}
