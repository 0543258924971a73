import { accessSync, constants, lstatSync, type Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  checkTrustedFile,
  ensurePrivateDirectory,
  fileError,
  followTrusted,
  readPrivateFile,
  readRegularFile,
  refused,
  windows,
  writePrivateFile,
} from '../files/index.ts'
import { errorCode, t, type Warn } from '../kit/index.ts'
import { type Config, emptyConfig } from './config.ts'
import {
  configSchemaOf,
  maxConfigBytes,
  parseConfig,
  schemaFileName,
  serializeConfig,
} from './config-text.ts'

export const configFileName = 'config.json'

/** Container volumes are open to their group; links, files and directories of other users are refused in any case. */
const trust = { allowShared: true }

/**
 * Reads `config.json`. A missing or empty file is an empty configuration; one that cannot be understood is
 * ERR_CONFIG and stays as it is, since a person may have written it. Unknown members are ignored.
 */
export function readConfig(directory: string, warn: Warn): Config {
  const text = readConfigText(directory, warn)
  if (text === undefined || text.trim() === '') return emptyConfig
  return parseConfig(text, join(directory, configFileName))
}

/**
 * The text of `config.json`; undefined when there is none. Our own file is read as a private one. A link of ours to a file of ours
 * is followed (stow, chezmoi), and a file of root's is read (a ConfigMap, an image): both may be readable by others, for they hold
 * no secrets, and stay as they are. @throws SesameError ERR_FILE for what another user could have put there
 */
function readConfigText(directory: string, warn: Warn): string | undefined {
  const path = join(directory, configFileName)
  const stats = look(path)
  if (stats === undefined) return undefined
  if (!isLinked(directory, stats) && !isRoots(stats))
    return readPrivateFile(path, { maxBytes: maxConfigBytes, warn })
  const real = followTrusted(path, trust)
  if (real.stats === undefined) return undefined
  const why = t('other users can write to it')
  checkTrustedFile(real.path, real.stats, { ...trust, forbidden: 0o022, why })
  try {
    return readRegularFile(real.path, maxConfigBytes)
  } catch (cause) {
    throw fileError('read', path, cause)
  }
}

/**
 * Where `config.json` is written: at the end of its links. Nothing is changed.
 * @throws SesameError ERR_FILE with the reason why it cannot be changed
 */
export function checkConfigWritable(directory: string): string {
  const path = join(directory, configFileName)
  const stats = look(path)
  const { path: real, stats: found } = isLinked(directory, stats)
    ? followTrusted(path, trust)
    : { path, stats }
  const foreign = found !== undefined && !windows && found.uid !== process.getuid?.()
  if (foreign)
    throw refused(
      path,
      isRoots(found) ? t('it belongs to root') : t('it belongs to uid {uid}', { uid: found.uid }),
      t(elsewhere),
    )
  // Another file could take its place all the same: who has made it read-only does not want that.
  if (found !== undefined && (found.mode & 0o200) === 0)
    throw refused(path, t('it is read-only'), t(elsewhere))
  for (let above = dirname(real); ; above = dirname(above)) {
    try {
      accessSync(above, constants.W_OK)
      return real
    } catch (cause) {
      if (errorCode(cause) !== 'ENOENT' || dirname(above) === above) throw fileError('write', real, cause)
    }
  }
}

const elsewhere = 'Change it where it comes from, or name another directory with SESAME_CONFIG_DIR.'

/** True where the directory or the file in it is a link. */
function isLinked(directory: string, stats: Stats | undefined): boolean {
  return Boolean(stats?.isSymbolicLink()) || Boolean(look(directory)?.isSymbolicLink())
}

function isRoots({ uid }: Stats): boolean {
  return !windows && uid !== process.getuid?.() && (uid === 0 || uid === lstatSync('/').uid)
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    throw fileError('look at', path, cause)
  }
}

/**
 * Writes the configuration, atomically and 0600, with its schema beside it. A link of ours is followed, so that it stays one.
 * @throws SesameError ERR_FILE
 */
export function writeConfig(directory: string, config: Config, warn: Warn): void {
  const path = checkConfigWritable(directory)
  const real = dirname(path)
  // Behind a link it was looked at, and is as open as its owner wants it.
  if (real === directory) ensurePrivateDirectory(real, warn)
  writePrivateFile(join(real, schemaFileName), `${JSON.stringify(configSchemaOf(), null, 2)}\n`)
  writePrivateFile(path, serializeConfig(config))
}
