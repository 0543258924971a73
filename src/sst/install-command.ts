import { existsSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import { shellWord } from '../kit/index.ts'

/**
 * The command that installs a package where this one finds it, for a person to paste from any directory.
 * @param specifier name and version, `libsql@0.5`
 * @param directory where the files of this package lie, without links
 */
export function installCommand(
  specifier: string,
  directory: string,
  { windows = process.platform === 'win32', exists = existsSync } = {},
): string {
  const { basename, dirname, join } = windows ? win32 : posix
  const word = shellWord(specifier)
  // The outermost one: pnpm keeps packages in a node_modules of its own within the project's.
  const [root, inside = ''] = directory.split(/[\\/]node_modules[\\/]/, 2)
  if (root === undefined || inside === '') return `npm install ${word}`
  if (inside.startsWith('.pnpm')) return `pnpm --dir ${shellWord(root)} add ${word}`
  if (exists(join(root, 'package.json'))) return `npm install --prefix ${shellWord(root)} ${word}`
  // In a directory that is no project, such as that of global packages, npm would take every other package away.
  if (windows) return `npm install --global --prefix ${shellWord(root)} ${word}`
  if (basename(root) === 'lib') return `npm install --global --prefix ${shellWord(dirname(root))} ${word}`
  return `npm install ${word}`
}
