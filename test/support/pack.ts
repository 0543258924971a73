import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')

/** Packs what is built, as `npm publish` would, into a directory. Nothing is built: other tests are using what is in dist/. */
export async function pack(directory: string): Promise<{ tarball: string; files: string[] }> {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory]
  const { stdout } = await promisify(execFile)('npm', words, { cwd: root })
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[]
  if (packed === undefined) throw new Error(`npm pack: ${stdout}`)
  return { tarball: join(directory, packed.filename), files: packed.files.map(({ path }) => path) }
}
