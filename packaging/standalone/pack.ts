import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { noticesFile } from '../third-party-notices.ts'
import { type Entry, gzip, tar, xz, zip } from './archive.ts'
import type { Target } from './targets.ts'

/** What an archive may have, in bytes, to be the only one of its target. */
const largest = 45_000_000

interface PackOptions {
  /** Where the archives are put. */
  directory: string
  /** The text of `THIRD-PARTY-NOTICES`. */
  notices: string
}

/**
 * Packs an executable, under the name `sesame`, with its notices, the man page and the completions: `.tar.gz`, on Windows `.zip`, which
 * every system can unpack. Where that is too large there is a `.tar.xz` as well.
 */
export function pack(executable: string, target: Target, { directory, notices }: PackOptions): void {
  const entries: Entry[] = [
    { path: `sesame${target.suffix}`, content: readFileSync(executable), executable: true },
    { path: noticesFile, content: Buffer.from(notices) },
    ...documents(),
  ]
  const path = join(directory, basename(executable, target.suffix))
  const archive = tar(entries)
  const [suffix, packed] = target.suffix === '' ? ['.tar.gz', gzip(archive)] : ['.zip', zip(entries)]
  writeFileSync(`${path}${suffix}`, packed)
  if (packed.length > largest) writeFileSync(`${path}.tar.xz`, xz(archive))
}

const root = join(import.meta.dirname, '..', '..')

/** The man pages that package.json names, and the completions, where they have been made. */
function documents(): Entry[] {
  const { man = [] } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    man?: string | string[]
  }
  const completions = join(root, 'dist', 'completions')
  const names = existsSync(completions) ? readdirSync(completions) : []
  const files = [
    ...[man].flat().map((file) => [basename(file), join(root, file)] as const),
    ...names.map((name) => [`completions/${name}`, join(completions, name)] as const),
  ]
  return files
    .filter(([, file]) => existsSync(file))
    .map(([path, file]) => ({ path, content: readFileSync(file) }))
}
