import { basename, dirname, join } from 'node:path'
import { ensurePrivateDirectory, readPlainFile, realPath, statsOf, writePrivateFile } from '../files/index.ts'
import { printable, SesameError, t, type Warn } from '../kit/index.ts'
import type { IntegrationContext } from './integration.ts'

/** The text of a tool's file, empty where there is none. @throws SesameError ERR_FILE */
export function readToolFile(path: string): string {
  realFile(path)
  const file = readPlainFile(path, { followLink: true })
  if (file.kind === 'unusable') throw new SesameError('ERR_FILE', `${file.reason}.`)
  return file.kind === 'text' ? file.text : ''
}

/** Replaces the text of a tool's file atomically, in UTF-8 and 0600. A link is followed, also one to the directory (as into a collection of dotfiles). */
export function writeToolFile(path: string, text: string, warn: Warn): void {
  const target = realFile(path)
  ensurePrivateDirectory(realDirectory(dirname(path)), warn)
  writePrivateFile(target, text)
}

/** Keeps a copy of a tool's file beside it, before something in it is replaced that is not of sesame, and says where. */
export function keepFormerFile(
  path: string,
  text: string,
  { session, notify }: Pick<IntegrationContext, 'session' | 'notify'>,
): void {
  const former = formerPath(realFile(path), session.clock.now())
  writePrivateFile(former, text)
  notify(
    t('The former file: {path}. Delete it when all works: it may hold secrets.', { path: printable(former) }),
  )
}

/** The name of a copy that is made now. */
export function formerPath(path: string, now: Date): string {
  return `${path}.bak-${now.toISOString().replace(/[-:.]/g, '')}`
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
