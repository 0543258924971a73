import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { version } from '../../src/kit/index.ts'
import { packagesOf } from '../bundled-packages.ts'
import { noticesFile } from '../third-party-notices.ts'
import { billOfMaterials, type Parts } from './bill-of-materials.ts'
import { writeBundle } from './bundle.ts'
import { checkSize, compile, recordOrder } from './compile.ts'
import { fetchBinding, fetchRuntime, type Runtime, RuntimeUnavailable } from './fetch-runtime.ts'
import { withoutSignature } from './mach-o.ts'
import { noticesOf } from './notices.ts'
import { pack } from './pack.ts'
import { findTarget, hostTarget, type Target, targets } from './targets.ts'

/*
 * `npm run build:standalone [-- --target NAME|all --pack --out DIRECTORY]`: one file that needs no runtime, for this machine's platform
 * unless others are named (the option can be repeated), with its bill of materials; beside them the checksums and the third-party
 * notices, and with `--pack` what is handed out. Exit 3 when a runtime or a keychain binding cannot be had.
 */

interface Settings {
  out: string
  pack: boolean
}

async function buildAll(wanted: readonly Target[], settings: Settings): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), 'sesame-standalone-'))
  try {
    const builder = fetchRuntime(hostTarget(), work)
    mkdirSync(settings.out, { recursive: true })
    const order = await orderOf(builder, work)
    const executables: string[] = []
    const all: Parts[] = []
    for (const target of wanted) {
      const place = mkdtempSync(join(work, 'target-'))
      const { executable, parts } = await build(target, builder, { ...settings, work: place, order })
      rmSync(place, { recursive: true })
      executables.push(executable)
      all.push(parts)
    }
    writeFileSync(join(settings.out, noticesFile), noticesOf(all))
    writeFileSync(join(settings.out, 'SHA256SUMS'), checksums(settings.out))
    return executables
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** In which order code is needed, by the executable of this machine: it is the same for all. */
async function orderOf(builder: Runtime, work: string): Promise<string> {
  const place = mkdtempSync(join(work, 'order-'))
  const bundle = await writeBundle(builder.target, fetchBinding(builder.target, place), join(place, 'bundle'))
  return recordOrder(compile(bundle, builder, builder, place), place)
}

interface Built {
  executable: string
  parts: Parts
}

async function build(
  target: Target,
  builder: Runtime,
  { out, pack: packs, work, order }: Settings & { work: string; order: string },
): Promise<Built> {
  const runtime = target === builder.target ? builder : fetchRuntime(target, work)
  const binding = fetchBinding(target, work)
  const bundle = await writeBundle(target, binding, join(work, 'bundle'))
  const compiled = compile({ ...bundle, order }, runtime, builder, work)
  checkSize(compiled, target)
  if (target === builder.target) checkStart(compiled, target)
  const parts = { packages: packagesOf(bundle.moduleIds), runtime, binding }
  const name = `sesame-${version}-${target.name}`
  const executable = join(out, `${name}${target.suffix}`)
  if (target.name === 'darwin-x64') writeFileSync(compiled, withoutSignature(readFileSync(compiled)))
  copyFileSync(compiled, executable)
  writeFileSync(join(out, `${name}.cdx.json`), billOfMaterials(version, parts, builder))
  if (packs) pack(executable, target, { directory: out, notices: noticesOf([parts]) })
  return { executable, parts }
}

/** `bun build` says that all went well where it did not. @throws Error unless the executable starts and knows what it is */
function checkStart(executable: string, target: Target): void {
  const { stdout, stderr } = spawnSync(executable, ['version'], { encoding: 'utf8', env: { HOME: '/' } })
  if (stdout !== `${version}\n` || !stderr.includes(target.name))
    throw new Error(`the executable says: ${stdout}${stderr}`)
}

/** Of the executables and archives of this version, as `sha256sum -c` reads them. */
function checksums(out: string): string {
  const files = readdirSync(out).filter(
    (file) => file.startsWith(`sesame-${version}-`) && !file.endsWith('.json'),
  )
  const sum = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(out, file)))
      .digest('hex')
  return files
    .sort()
    .map((file) => `${sum(file)}  ${file}\n`)
    .join('')
}

/** @throws what `parseArgs` says of words that it does not know, or Error for a target that there is not */
function readWords(): { wanted: readonly Target[]; settings: Settings } {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true, default: [hostTarget().name] },
      out: { type: 'string', default: join('dist', 'standalone') },
      pack: { type: 'boolean', default: false },
    },
  })
  const wanted = values.target.flatMap((name) => (name === 'all' ? targets : [findTarget(name)]))
  return { wanted: [...new Set(wanted)], settings: values }
}

function readWordsOrEnd(): ReturnType<typeof readWords> {
  try {
    return readWords()
  } catch (error) {
    console.error((error as Error).message)
    process.exit(2)
  }
}

const { wanted, settings } = readWordsOrEnd()
try {
  for (const path of await buildAll(wanted, settings)) console.log(path)
} catch (error) {
  if (!(error instanceof RuntimeUnavailable)) throw error
  console.error(error.message)
  process.exitCode = 3
}
