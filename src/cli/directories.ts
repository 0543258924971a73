import { isAbsolute, join } from 'node:path'
import { SesameError } from '../errors.ts'
import type { Edges } from './edges.ts'

/**
 * Where the configuration (and what lies beside it: locks, file stores) is: `SESAME_CONFIG_DIR`, else
 * `$XDG_CONFIG_HOME/sesame`, else `~/.config/sesame`; on Windows `%APPDATA%\sesame`. A relative XDG path is ignored, as
 * the XDG specification demands; a relative `SESAME_CONFIG_DIR` is refused, since it would change with each `cd`.
 */
export function configDirectory({
  env,
  platform,
  homeDirectory,
}: Pick<Edges, 'env' | 'platform' | 'homeDirectory'>): string {
  const own = env.SESAME_CONFIG_DIR
  if (own) {
    if (isAbsolute(own)) return own
    throw new SesameError('ERR_CONFIG', 'SESAME_CONFIG_DIR must be an absolute path.')
  }
  if (platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'sesame')
  const xdg = env.XDG_CONFIG_HOME
  if (xdg && isAbsolute(xdg)) return join(xdg, 'sesame')
  if (homeDirectory === '' || !isAbsolute(homeDirectory)) {
    throw new SesameError('ERR_CONFIG', 'There is no home directory to keep the configuration in.', {
      hint: 'Set HOME, or SESAME_CONFIG_DIR to a directory of your own.',
    })
  }
  return join(homeDirectory, '.config', 'sesame')
}
