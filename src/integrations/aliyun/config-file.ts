import { basename, dirname, join } from 'node:path'
import {
  ensurePrivateDirectory,
  readPrivateFile,
  realPath,
  statsOf,
  writePrivateFile,
} from '../../files/index.ts'
import { printable, SesameError, type Warn } from '../../kit/index.ts'

/** The aliyun CLI's configuration: the file, and what is in it now. */
export interface AliyunConfigFile {
  /** Where all tools look for it. */
  path: string
  /** Empty when there is none yet. */
  text: string
}

/** Reads `~/.aliyun/config.json`. A link is followed, as the CLI does. @throws SesameError ERR_FILE */
export function readAliyunConfig(homeDirectory: string, warn: Warn): AliyunConfigFile {
  const path = join(homeDirectory, '.aliyun', 'config.json')
  return { path, text: readPrivateFile(realFile(path), { warn }) ?? '' }
}

/**
 * Replaces its text atomically (0600), keeping the former file beside it. Returns the path of that backup; undefined when
 * there was nothing to keep.
 */
export function writeAliyunConfig(
  { path, text: before }: AliyunConfigFile,
  after: string,
  { now, warn }: { now: Date; warn: Warn },
): string | undefined {
  const target = realFile(path)
  // A link to the directory itself (as into a collection of dotfiles) is followed too.
  ensurePrivateDirectory(realDirectory(dirname(path)), warn)
  const backup = `${path}.bak-${now.toISOString().replace(/[-:.]/g, '')}`
  if (before !== '') writePrivateFile(backup, before)
  writePrivateFile(target, after)
  return before === '' ? undefined : backup
}

/** What lies at the end of all links; the path itself where nothing is. */
function realFile(path: string): string {
  if (statsOf(path) === undefined) return join(realDirectory(dirname(path)), basename(path))
  const real = realPath(path)
  if (real !== undefined) return real
  throw new SesameError('ERR_FILE', `${printable(path)} is a link that leads nowhere.`, {
    hint: 'Remove the link, or make the file it names.',
  })
}

function realDirectory(path: string): string {
  return realPath(path) ?? path
}
