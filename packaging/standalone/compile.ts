import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Bundle, bytecodeDepth } from './bundle.ts'
import type { Runtime } from './fetch-runtime.ts'
import type { Target } from './targets.ts'

/** What the size of an executable must not exceed, in bytes; for Windows on x64 the runtime alone has 115.4 MB. */
const largestOf = ({ name }: Target) => (name.startsWith('windows-x64') ? 125_000_000 : 115_000_000)

/** @throws Error for an executable that is too large for its target */
export function checkSize(executable: string, target: Target): void {
  const { size } = statSync(executable)
  const largest = largestOf(target)
  if (size > largest) throw new Error(`${executable} has ${size} bytes, more than ${largest}`)
}

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
 * Makes one executable of a bundle and the runtime of its target, with the program of the runtime of this machine. `order` is the file
 * of `recordOrder`.
 *
 * @returns its path
 * @throws Error when there is none in the end, whatever `bun build` says of itself
 */
export function compile(
  { directory, files, order }: Bundle & { order?: string },
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
    ...(order === undefined ? [] : [`--bytecode-order=${order}`]),
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
  if (statSync(executable).size < statSync(runtime.path).size)
    throw new Error(`${executable} is smaller than its runtime`)
  chmodSync(executable, 0o755)
  return executable
}

/**
 * Runs an executable on this machine up to the end of the cached path and of what every command loads, and has its runtime write down which
 * code it needs in which order. Compiled in that order, code is found sooner, and what all of it shares is there once.
 *
 * @returns the path of the file, which is the same for every run
 */
export function recordOrder(executable: string, work: string): string {
  const order = join(work, 'bytecode-order')
  // Without any configuration it says so and ends.
  const env = { HOME: work, BUN_BYTECODE_ORDER_OUT: order }
  spawnSync(executable, ['credentials'], { env, stdio: 'ignore' })
  if (!existsSync(order)) throw new Error(`${executable} has not written down what it needs`)
  return order
}
