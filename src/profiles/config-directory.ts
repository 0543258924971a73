import { isAbsolute, join } from 'node:path'
import { errorCode, SesameError, t } from '../kit/index.ts'

/** What the place of the configuration follows from. */
export interface UserEnvironment {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** Empty for a user that has none. */
  homeDirectory: string
}

/**
 * Where the configuration is: `SESAME_CONFIG_DIR`, else
 * `$XDG_CONFIG_HOME/sesame`, else `~/.config/sesame`; on Windows `%APPDATA%\sesame`. A relative XDG path is ignored, as
 * the XDG specification demands; a relative `SESAME_CONFIG_DIR` is refused, since it would change with each `cd`.
 */
export function configDirectory({ env, platform, homeDirectory }: UserEnvironment): string {
  const own = env.SESAME_CONFIG_DIR
  if (own) {
    if (isAbsolute(own)) return own
    throw new SesameError('ERR_CONFIG', t('SESAME_CONFIG_DIR must be an absolute path.'))
  }
  if (platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'sesame')
  const xdg = env.XDG_CONFIG_HOME
  if (xdg && isAbsolute(xdg)) return join(xdg, 'sesame')
  if (homeDirectory === '' || !isAbsolute(homeDirectory)) {
    throw new SesameError('ERR_CONFIG', t('There is no home directory to keep the configuration in.'), {
      hint: t('Set HOME, or SESAME_CONFIG_DIR to a directory of your own.'),
    })
  }
  return join(homeDirectory, '.config', 'sesame')
}

/**
 * Where what can be made again at any time is kept: `$XDG_CACHE_HOME/sesame`, `~/Library/Caches/sesame` on macOS,
 * `%LOCALAPPDATA%\sesame\cache` on Windows, else `~/.cache/sesame`. Undefined for a user without a home.
 */
export function cacheDirectory({ env, platform, homeDirectory }: UserEnvironment): string | undefined {
  const isWindows = platform === 'win32'
  if (isWindows && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'sesame', 'cache')
  const xdg = env.XDG_CACHE_HOME
  if (xdg && isAbsolute(xdg)) return join(xdg, 'sesame')
  if (!isAbsolute(homeDirectory)) return undefined
  if (isWindows) return join(homeDirectory, 'AppData', 'Local', 'sesame', 'cache')
  const caches = platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']
  return join(homeDirectory, ...caches, 'sesame')
}

/** Empty for a user that the system does not know, as in a container that runs under any number. */
export function homeOfUser(): string {
  try {
    return process.getBuiltinModule('node:os').homedir()
  } catch (error) {
    if (errorCode(error) === 'ERR_SYSTEM_ERROR') return ''
    throw error
  }
}
