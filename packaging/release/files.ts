import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { homebrewFormula } from '../homebrew.ts'
import { scoopManifest } from '../scoop.ts'
import { type ChangelogSection, releaseNotes } from './changelog.ts'
import { downloadsOf, downloadUrl, releasedInstaller } from './downloads.ts'

/** What the smallest archive of a target must not exceed, in bytes. */
const largestArchive = 45_000_000

const archiveName = /\.(?:tar\.gz|tar\.xz|zip)$/

/** The archives of a version in a directory. */
export function archivesIn(directory: string, version: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith(`sesame-${version}-`) && archiveName.test(name))
    .sort()
}

/**
 * Archives as users unpack them: one of each target is not too large, and all have the program at their beginning or in their only
 * directory.
 * @throws Error for the first that is not
 */
export function checkArchives(directory: string, names: readonly string[]): void {
  const smallest = new Map<string, number>()
  for (const name of names) {
    const path = join(directory, name)
    const stem = name.replace(archiveName, '')
    smallest.set(stem, Math.min(statSync(path).size, smallest.get(stem) ?? Number.POSITIVE_INFINITY))
    const program = name.includes('-windows-') ? 'sesame.exe' : 'sesame'
    const entries = execFileSync(...listing(path), { encoding: 'utf8' }).split('\n')
    if (!entries.some((entry) => entry === program || entry.replace(/^[^/]+\//, '') === program))
      throw new Error(`${name} holds no ${program}: ${entries.slice(0, 5).join(' ')}`)
  }
  for (const [stem, size] of smallest)
    if (size > largestArchive)
      throw new Error(`${stem} has ${size} bytes packed, more than ${largestArchive}.`)
}

/** GNU tar reads no .zip; bsdtar does, and is what Windows and macOS have. */
function listing(path: string): [string, string[]] {
  if (!path.endsWith('.zip') || process.platform !== 'linux') return ['tar', ['-tf', path]]
  return ['unzip', ['-Z1', path]]
}

/** The text of `SHA256SUMS`: a line for each file, as `sha256sum -c` reads it. */
function checksums(directory: string, names: readonly string[]): string {
  const sum = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex')
  return names.map((name) => `${sum(name)}  ${name}\n`).join('')
}

export interface ReleaseFiles {
  version: string
  section: ChangelogSection
  /** Where the archives are, with their bills of materials and the notices. */
  from: string
  to: string
}

/** Puts everything together that is uploaded, and what is made from the checksums. Returns what could not be made, and why. */
export function writeReleaseFiles({ version, section, from, to }: ReleaseFiles): string[] {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  const materials = readdirSync(from).filter(
    (name) => name.startsWith(`sesame-${version}-`) && name.endsWith('.cdx.json'),
  )
  for (const name of [...archivesIn(from, version), ...materials, 'THIRD-PARTY-NOTICES'])
    copyFileSync(join(from, name), join(to, name))
  writeFileSync(join(to, 'install.sh'), releasedInstaller(), { mode: 0o755 })
  const sums = checksums(to, readdirSync(to).sort())
  writeFileSync(join(to, 'SHA256SUMS'), sums)
  const url = downloadUrl()
  writeFileSync(join(to, 'notes.md'), releaseNotes(section, version, url))
  if (url === undefined)
    return ['formula and manifest: it is not known where releases are (download_url in packaging/install.sh)']
  const downloads = downloadsOf(sums, version, url)
  return [
    attempt(() => writeFileSync(join(to, 'sesame.rb'), homebrewFormula(version, url, downloads))),
    attempt(() => writeFileSync(join(to, 'sesame.json'), scoopManifest(version, url, downloads))),
  ].filter((reason) => reason !== undefined)
}

function attempt(write: () => void): string | undefined {
  try {
    write()
  } catch (error) {
    if (error instanceof Error) return error.message
    throw error
  }
  return undefined
}
