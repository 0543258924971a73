import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode, type FixedText, SesameError, shellWord, t } from '../kit/index.ts'

/** The optional peers: what each is for, and its versions as they are named when it is installed. */
export const peers = {
  libsql: {
    version: '0.5',
    need: 'Revocations in SQLite need Node.js 22.13 or later, or the package libsql, which is not installed. To install it, run:',
  },
  '@redis/client': {
    version: '6',
    need: 'Revocations in Redis need the package @redis/client, which is not installed. To install it, run:',
  },
} as const satisfies Record<string, { version: string; need: FixedText }>

/**
 * Imports an optional peer. The `import` itself stands with the caller, where the bundler sees it.
 * @throws SesameError ERR_CONFIG with the command that installs the package where it is looked up, or when it cannot be loaded
 */
export async function importPeer<T>(name: keyof typeof peers, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if (!isMissing(cause, name)) {
      throw new SesameError(
        'ERR_CONFIG',
        t('The package {name} cannot be loaded on this platform.', { name }),
        {
          hint: t('Install it with its optional dependencies: {command}', { command: commandFor(name) }),
          cause,
        },
      )
    }
    throw new SesameError('ERR_CONFIG', t(peers[name].need), {
      hint: commandFor(name),
      cause,
    })
  }
}

function commandFor(name: keyof typeof peers): string {
  return installCommand(`${name}@${peers[name].version}`, import.meta.dirname)
}

/** A package that the named one misses in its turn has another name in the message. */
function isMissing(error: unknown, name: string): boolean {
  const code = errorCode(error)
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return false
  return error instanceof Error && error.message.includes(`'${name}'`)
}

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
