import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Bundle, bytecodeDepth } from './bundle.ts'
import type { Runtime } from './fetch-runtime.ts'
import type { Target } from './targets.ts'

/** What the size of an executable must not exceed, in bytes; for Windows on x64 the runtime alone has 115.4 MB. */
const largestOf = ({ name }: Target) => (name.startsWith('windows-x64') ? 125_000_000 : 115_000_000)

/** Nothing is read from the directory that the program is started in. */
const loadsNothing = ['dotenv', 'bunfig', 'tsconfig', 'package-json'].map(
  (what) => `--no-compile-autoload-${what}`,
)

/**
 * How many times later than usual functions are compiled to machine code: the cached path ends before that pays, and is done 1 ms
 * earlier without it. Code that runs for long gets there all the same.
 */
const jitPolicy = 10

/**
 * Makes one executable of a bundle and the runtime of its target, with the program of the runtime of this machine.
 *
 * @returns its path
 * @throws Error when there is none in the end, whatever `bun build` says of itself, or it is too large
 */
export function compile(
  { directory, files }: Bundle,
  runtime: Runtime,
  builder: Runtime,
  work: string,
): string {
  const executable = join(work, `sesame${runtime.target.suffix}`)
  const words = [
    'build',
    '--compile',
    `--compile-executable-path=${runtime.path}`,
    `--target=${runtime.target.bunTarget}`,
    ...loadsNothing,
    `--compile-jit-policy=${jitPolicy}`,
    '--bytecode',
    `--bytecode-depth=${bytecodeDepth}`,
    '--minify',
    '--format=cjs',
    '--asset-naming=[name].[ext]',
    // The files find each other in the executable; what is not in it is nowhere.
    ...['./*', '../*', '@napi-rs/*', 'libsql'].map((name) => `--external=${name}`),
    ...files,
    `--outfile=${executable}`,
  ]
  const env = { PATH: process.env.PATH ?? '', HOME: work, TMPDIR: work, BUN_INSTALL_CACHE_DIR: work }
  const { stdout, stderr } = spawnSync(builder.path, words, { cwd: directory, env, encoding: 'utf8' })
  if (!existsSync(executable))
    throw new Error(`bun build has made nothing: ${`${stdout}${stderr}`.slice(-2000)}`)
  const { size } = statSync(executable)
  if (size < statSync(runtime.path).size) throw new Error(`${executable} is smaller than its runtime`)
  const largest = largestOf(runtime.target)
  if (size > largest) throw new Error(`${executable} has ${size} bytes, more than ${largest}`)
  chmodSync(executable, 0o755)
  return executable
}
