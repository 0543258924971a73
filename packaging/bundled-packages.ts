import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** A package of which code is in `dist/`. */
export interface BundledPackage {
  name: string
  version: string
  /** What its package.json says, an SPDX expression. */
  license: string
  /** Relative to the repository, with slashes, as `package-lock.json` names it: `node_modules/debug`. */
  directory: string
  /** The texts of its licence and notice files. */
  texts: string[]
}

const root = join(import.meta.dirname, '..')
/** Texts from the repositories of packages that carry none. */
const addedTexts = join(import.meta.dirname, 'licences')
const textFile = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i

/**
 * The packages that modules of the bundler's graph belong to, by directory: two versions of a package are two.
 * @throws Error for a package without a licence text, which must not be shipped
 */
export function packagesOf(moduleIds: Iterable<string>): BundledPackage[] {
  const directories = new Set<string>()
  for (const id of moduleIds) {
    const found = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)
    if (found?.[1] !== undefined) directories.add(found[1])
  }
  const key = ({ name, version }: BundledPackage) => `${name} ${version}`
  return [...directories].map(readPackage).sort((one, other) => (key(one) < key(other) ? -1 : 1))
}

function readPackage(path: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  const files = readdirSync(path).filter((file) => textFile.test(file))
  const paths = files.sort().map((file) => join(path, file))
  const added = join(addedTexts, `${name.replace('/', '+')}.txt`)
  if (paths.length === 0 && existsSync(added)) paths.push(added)
  const texts = paths.map((file) => readFileSync(file, 'utf8').trim())
  if (texts.length === 0) throw new Error(`${name} ${version} is bundled and has no licence text`)
  return { name, version, license, directory: relative(root, path).split(sep).join('/'), texts }
}
