import { errorCode, type FixedText, SesameError, t } from '../kit/index.ts'
import { installCommand } from './install-command.ts'

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
