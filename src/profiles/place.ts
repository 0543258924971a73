import { accessSync, constants, existsSync, lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { followTrusted } from '../files/index.ts'
import { errorCode, fingerprint, SesameError, t } from '../kit/index.ts'

/** What the place of the configuration follows from. */
export interface UserEnvironment {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** Empty for a user that has none. */
  homeDirectory: string
}

/** Where one configuration and its state are, and what tells it apart from all others. */
export interface Place {
  /** Of `config.json`, as the user names it. */
  configuration: string
  /** Of `state.json`, locks, and the files of the file stores. */
  state: string
  /**
   * Stands before the names of its items and locks: empty for the configuration in `~/.config/sesame` with its state in
   * `~/.local/state/sesame`, and made of both real paths for every other. So what shares an item shares its lock.
   */
  identity: string
  /** The state directory of the configuration in `~/.config/sesame`; undefined for a user without a home. */
  usualState: string | undefined
}

/**
 * Where the configuration and the state are. The state is in `SESAME_STATE_DIR`; else, for a `SESAME_CONFIG_DIR` that is not the
 * usual directory, in `state/` there, or, if nothing can be written there, in a directory of its own below the usual place;
 * else in `$XDG_STATE_HOME/sesame`, `~/.local/state/sesame`, `%LOCALAPPDATA%\sesame`. Nothing is created.
 * @throws SesameError ERR_CONFIG; ERR_FILE for a state directory that is a link of another user, or to nowhere
 */
export function findPlace(given: UserEnvironment): Place {
  const environment = withHome(given)
  const configuration = configDirectory(environment)
  const real = realPathOf(configuration)
  const isUsual = real === usualPath(environment, configHome)
  const state = followLink(stateDirectory(environment, { configuration, real, isUsual }))
  const usualState = usualPath(environment, stateHome)
  const realState = realPathOf(state)
  const identity = isUsual && realState === usualState ? '' : `${fingerprint(`${real}\n${realState}`)}:`
  return { configuration, state, identity, usualState }
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

/** A service without a home of its own that names the usual directory of a user works with that user's state. */
function withHome(environment: UserEnvironment): UserEnvironment {
  const { SESAME_CONFIG_DIR: own = '', HOME: home } = environment.env
  if ((home && existsSync(home)) || !isAbsolute(own) || !own.endsWith(join('.config', 'sesame')))
    return environment
  return { ...environment, homeDirectory: dirname(dirname(own)) }
}

interface FoundConfiguration {
  configuration: string
  real: string
  isUsual: boolean
}

function stateDirectory(environment: UserEnvironment, found: FoundConfiguration): string {
  const { env } = environment
  const own = env.SESAME_STATE_DIR
  if (own) {
    if (isAbsolute(own)) return own
    throw new SesameError('ERR_CONFIG', t('SESAME_STATE_DIR must be an absolute path.'))
  }
  const beside = join(found.real, 'state')
  const home = stateHome(environment, env.XDG_STATE_HOME)
  const isNamed = Boolean(env.SESAME_CONFIG_DIR) && !found.isUsual
  if (home === undefined || (isNamed && canWrite(beside))) return beside
  return isNamed ? join(home, 'sesame', fingerprint(found.real)) : join(home, 'sesame')
}

type HomeOf = (environment: UserEnvironment, xdg?: string) => string | undefined

/** The directory of all programs' configurations. */
const configHome: HomeOf = ({ env, platform, homeDirectory }) =>
  platform === 'win32' && env.APPDATA ? env.APPDATA : below(homeDirectory, '.config')

/** The directory of all programs' states; a relative XDG path is ignored, as its specification demands. */
const stateHome: HomeOf = ({ env, platform, homeDirectory }, xdg) => {
  if (platform === 'win32' && env.LOCALAPPDATA) return env.LOCALAPPDATA
  return xdg && isAbsolute(xdg) ? xdg : below(homeDirectory, '.local', 'state')
}

function below(home: string, ...parts: string[]): string | undefined {
  return isAbsolute(home) ? join(home, ...parts) : undefined
}

function usualPath(environment: UserEnvironment, homeOf: HomeOf): string | undefined {
  const home = homeOf(environment)
  return home === undefined ? undefined : realPathOf(join(home, 'sesame'))
}

/** A state directory may be elsewhere, on another disk; the link must be ours. @throws SesameError ERR_FILE */
function followLink(state: string): string {
  try {
    if (!lstatSync(state).isSymbolicLink()) return state
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return state
  }
  return followTrusted(state, { allowShared: true }).path
}

/** A path without links; what does not exist yet is taken as it is called. */
function realPathOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return dirname(path) === path ? path : join(realPathOf(dirname(path)), basename(path))
  }
}

/** Whether files can be made in a directory, or the directory itself where there is none. */
function canWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return false
    return dirname(directory) !== directory && canWrite(dirname(directory))
  }
}
