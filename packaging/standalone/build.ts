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
import { formatNotices, noticesFile } from '../third-party-notices.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { writeBundle } from './bundle.ts'
import { compile } from './compile.ts'
import { fetchRuntime, RuntimeUnavailable } from './fetch-runtime.ts'
import { findTarget, hostTarget, type Target } from './targets.ts'

/*
 * `npm run build:standalone [-- --target NAME --out DIRECTORY]`: one file that needs no runtime, for this machine's platform unless
 * another one is named, with its checksum, bill of materials and third-party notices beside it. Exit 3 when the runtime cannot be had.
 */

async function build(target: Target, out: string): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'sesame-standalone-'))
  try {
    const host = hostTarget()
    const builder = fetchRuntime(host, work)
    const runtime = target === host ? builder : fetchRuntime(target, work)
    const bundle = await writeBundle(target.name, join(work, 'bundle'))
    const executable = compile(bundle, runtime, builder, work)
    if (target === host) checkStart(executable, target)
    const name = `sesame-${version}-${target.name}`
    const packages = packagesOf(bundle.moduleIds)
    mkdirSync(out, { recursive: true })
    copyFileSync(executable, join(out, `${name}${target.suffix}`))
    writeFileSync(join(out, `${name}.cdx.json`), billOfMaterials(version, packages, runtime, builder))
    const runtimeNotices = readFileSync(new URL('runtime-notices.txt', import.meta.url), 'utf8')
    writeFileSync(join(out, noticesFile), `${formatNotices(packages, 'executables')}\n${runtimeNotices}`)
    writeFileSync(join(out, 'SHA256SUMS'), checksums(out))
    return join(out, `${name}${target.suffix}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** `bun build` says that all went well where it did not. @throws Error unless the executable starts and knows what it is */
function checkStart(executable: string, target: Target): void {
  const { stdout, stderr } = spawnSync(executable, ['version'], { encoding: 'utf8', env: { HOME: '/' } })
  if (stdout !== `${version}\n` || !stderr.includes(target.name))
    throw new Error(`the executable says: ${stdout}${stderr}`)
}

/** Of the executables of this version, as `sha256sum -c` reads them. */
function checksums(out: string): string {
  const files = readdirSync(out).filter(
    (file) => file.startsWith(`sesame-${version}-`) && !file.endsWith('.json'),
  )
  return files
    .sort()
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('')
}

const { values } = parseArgs({
  options: { target: { type: 'string' }, out: { type: 'string', default: join('dist', 'standalone') } },
})
const target = values.target === undefined ? findTarget(hostTarget().name) : findTarget(values.target)
try {
  console.log(await build(target, values.out))
} catch (error) {
  if (!(error instanceof RuntimeUnavailable)) throw error
  console.error(error.message)
  process.exitCode = 3
}
