import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const repository = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Bundles a worker to one CommonJS file, as the published build is, so that dozens of children start in 25 ms each.
 * The bundle finds its packages through a link to node_modules beside it.
 */
export async function bundleWorker(name: string): Promise<{ file: string; remove(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'worker-'))
  const file = join(directory, `${name}.cjs`)
  const input = join(repository, 'test/store/workers', `${name}.ts`)
  const build = await rolldown({
    input,
    platform: 'node',
    external: [/^@napi-rs\//, /^node:/],
    logLevel: 'silent',
  })
  await build.write({ file, format: 'cjs', codeSplitting: false })
  await build.close()
  symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'))
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) }
}
