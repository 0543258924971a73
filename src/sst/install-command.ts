import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { shellWord } from '../kit/index.ts'

interface Host {
  windows?: boolean
  exists?: (path: string) => boolean
}

/**
 * The command that installs a package where this one finds it, for a person to paste from any directory.
 * @param specifier name and version, `libsql@0.5`
 * @param directory where the files of this package lie, without links
 */
export function installCommand(
  specifier: string,
  directory: string,
  { windows = process.platform === 'win32', exists = existsSync }: Host = {},
): string {
  const word = shellWord(specifier)
  // The outermost one: pnpm keeps packages in a node_modules of its own within the project's.
  const [root, inside] = directory.split(/[\\/]node_modules[\\/]/, 2)
  if (root === undefined || inside === undefined) return `npm install ${word}`
  // Forward slashes need no quotes in any shell, and npm takes them on Windows, too.
  const path = (of: string) => shellWord(windows ? of.replaceAll('\\', '/') : of)
  if (inside.startsWith('.pnpm')) return `pnpm --dir ${path(root)} add ${word}`
  if (exists(join(root, 'package.json'))) return `npm install --prefix ${path(root)} ${word}`
  // In a directory that is no project, such as that of global packages, npm would take every other package away.
  if (windows) return `npm install --global --prefix ${path(root)} ${word}`
  if (basename(root) === 'lib') return `npm install --global --prefix ${path(dirname(root))} ${word}`
  return `npm install ${word}`
}
