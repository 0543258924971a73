import { basename, dirname, join } from 'node:path'
import { ensurePrivateDirectory, realPath, statsOf, writePrivateFile } from '../../files/index.ts'
import { printable, SesameError, type Warn } from '../../kit/index.ts'
import { type AliyunContent, aliyunConfigPath, readAliyunConfig } from '../../profiles/index.ts'

/** The aliyun CLI's configuration as it is now; empty when there is none yet. @throws SesameError ERR_FILE, ERR_CONFIG */
export function openAliyunConfig(homeDirectory: string): Omit<AliyunContent, 'file' | 'kind'> {
  const path = aliyunConfigPath(homeDirectory)
  // A link that leads nowhere must be found before anything is written to it.
  realFile(path)
  const config = readAliyunConfig(path)
  if (config.kind === 'content') return config
  if (config.kind === 'absent')
    return { path, text: '', encoding: 'utf-8', mode: 0, current: 'default', profiles: [] }
  const code = config.because === 'file' ? 'ERR_FILE' : 'ERR_CONFIG'
  throw new SesameError(code, `${config.reason}.`, {
    hint: 'Fix ~/.aliyun/config.json, or add --print and put the profile there by hand.',
  })
}

/** Replaces its text atomically, in UTF-8 and 0600. A link is followed, also one to the directory (as into a collection of dotfiles). */
export function writeAliyunConfig(path: string, text: string, warn: Warn): void {
  const target = realFile(path)
  ensurePrivateDirectory(realDirectory(dirname(path)), warn)
  writePrivateFile(target, text)
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
