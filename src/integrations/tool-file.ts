import { basename, dirname, join } from 'node:path'
import { ensurePrivateDirectory, realPath, statsOf, writePrivateFile } from '../files/index.ts'
import { printable, SesameError, t, type Warn } from '../kit/index.ts'

/** Replaces the text of a tool's file atomically, in UTF-8 and 0600. A link is followed, also one to the directory (as into a collection of dotfiles). */
export function writeToolFile(path: string, text: string, warn: Warn): void {
  const target = realFile(path)
  ensurePrivateDirectory(realDirectory(dirname(path)), warn)
  writePrivateFile(target, text)
}

/** What lies at the end of all links; the path itself where nothing is. @throws SesameError ERR_FILE for a link that leads nowhere */
export function realFile(path: string): string {
  if (statsOf(path) === undefined) return join(realDirectory(dirname(path)), basename(path))
  const real = realPath(path)
  if (real !== undefined) return real
  throw new SesameError('ERR_FILE', t('{path} is a link that leads nowhere.', { path: printable(path) }), {
    hint: t('Remove the link, or make the file it names.'),
  })
}

function realDirectory(path: string): string {
  return realPath(path) ?? path
}
