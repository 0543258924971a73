import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { ensurePrivateDirectory, fileError, writePrivateFile } from '../../files/index.ts'
import {
  type Clock,
  errorCode,
  fingerprint,
  printable,
  rememberSecret,
  SesameError,
  t,
  type Warn,
} from '../../kit/index.ts'
import { parseVersion1 } from '../credential-store.ts'
import { findRuntimeDirectory, type RuntimeLocation } from './runtime-directory.ts'
import { openToWipe, overwrite, wipe } from './wipe-file.ts'

const { O_NOFOLLOW, O_NONBLOCK } = constants

export interface UnlockedKeyOptions extends RuntimeLocation {
  /** The directory whose encrypted file it opens: each has a key of its own. */
  directory: string
  clock: Clock
  warn: Warn
}

/** The key of an encrypted file, kept in memory for a while. */
export interface UnlockedKey {
  /** Which file it fits: the salt (base64) that it was derived with. */
  salt: string
  key: Buffer
  until: Date
}

/**
 * The key that `sesame unlock` has kept for this directory; undefined when there is none that may be used. The file must be
 * ours, closed to others, and of this boot, and its deadline not over by the wall clock nor by the time since boot: what is
 * not so is overwritten.
 */
export function readUnlockedKey(options: UnlockedKeyOptions): UnlockedKey | undefined {
  const place = placeOf(options)
  if (place === undefined) return undefined
  // Once more when it is malformed: it may have been replaced, and the former one overwritten, since it was opened.
  const found = readOnce(place, options) ?? readOnce(place, options) ?? t('its file is malformed')
  if (found === 'none') return undefined
  if (typeof found !== 'string') return found
  options.warn(t('The key of the encrypted file was forgotten: {reason}.', { reason: found }))
  wipe(place.path)
  return undefined
}

/** Keeps a key until `until`, in place of a former one. @throws SesameError ERR_STORE_UNAVAILABLE, ERR_FILE */
export function keepUnlockedKey({ salt, key, until }: UnlockedKey, options: UnlockedKeyOptions): void {
  checkUnlockable(options)
  const place = placeOf(options)
  if (place === undefined) throw new TypeError('there is no directory whose key could be kept')
  ensurePrivateDirectory(place.runtime, options.warn)
  const { clock } = options
  const nowMs = clock.now().getTime()
  const content = {
    v: 1,
    salt,
    key: key.toString('base64'),
    until: until.toISOString(),
    bootId: clock.bootedAt().id,
    untilUptimeMs: Math.round(uptimeMs(clock) + until.getTime() - nowMs),
  }
  const former = openToWipe(place.path)
  writePrivateFile(place.path, JSON.stringify(content))
  if (former !== undefined) overwrite(former)
}

/** Overwrites and removes the key of this directory, and what crashed writers left of it; true when there was one. */
export function forgetUnlockedKey(options: UnlockedKeyOptions): boolean {
  const { runtimeDirectory } = options
  // Also from a directory that has been opened to others since: there above all.
  if (!runtimeDirectory || !isAbsolute(runtimeDirectory)) return false
  const place = placeIn(join(runtimeDirectory, 'sesame'), options.directory)
  if (place === undefined) return false
  const names = namesIn(place.runtime).filter((name) => name.startsWith(place.name))
  for (const name of names) wipe(join(place.runtime, name))
  return names.includes(place.name)
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return []
    throw fileError('look at', directory, error)
  }
}

/** @throws SesameError ERR_STORE_UNAVAILABLE where no key can be kept in memory */
export function checkUnlockable(options: RuntimeLocation): void {
  const directory = findRuntimeDirectory(options)
  if (directory.kind === 'usable') return
  throw new SesameError(
    'ERR_STORE_UNAVAILABLE',
    t('The key cannot be kept in memory: {reason}.', { reason: directory.reason }),
    {
      hint: t(
        'Set SESAME_PASSPHRASE instead; a key from "sesame configure --store encrypted-file --new-key" is quick.',
      ),
    },
  )
}

interface Place {
  runtime: string
  name: string
  path: string
}

function placeOf(options: UnlockedKeyOptions): Place | undefined {
  const found = findRuntimeDirectory(options)
  return found.kind === 'unusable' ? undefined : placeIn(found.path, options.directory)
}

function placeIn(runtime: string, directory: string): Place | undefined {
  try {
    const name = `${fingerprint(realpathSync.native(directory))}.key`
    return { runtime, name, path: join(runtime, name) }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw fileError('look at', directory, error)
  }
}

/** The key, `none`, why it must be forgotten, or undefined for malformed content. */
function readOnce({ path }: Place, options: UnlockedKeyOptions): UnlockedKey | string | undefined {
  let fd: number
  try {
    fd = openSync(path, O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none'
    return t('{path} cannot be read ({code})', { path: printable(path), code: String(errorCode(error)) })
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > 4096)
      return t('{path} is not a file of ours', { path: printable(path) })
    if (stats.uid !== options.uid) return t('{path} belongs to another user', { path: printable(path) })
    if ((stats.mode & 0o077) !== 0) return t('{path} was open to other users', { path: printable(path) })
    if (stats.nlink > 1) return t('{path} has more than one hard link', { path: printable(path) })
    return readContent(readFileSync(fd, 'utf8'), options.clock)
  } finally {
    closeSync(fd)
  }
}

function readContent(text: string, clock: Clock): UnlockedKey | string | undefined {
  const content = parseVersion1(text) ?? {}
  const { salt, key, until, untilUptimeMs } = content
  if (typeof salt !== 'string' || typeof key !== 'string' || typeof until !== 'string') return undefined
  const untilMs = Date.parse(until)
  const bytes = Buffer.from(key, 'base64')
  if (Number.isNaN(untilMs) || typeof untilUptimeMs !== 'number' || bytes.length !== 32) return undefined
  rememberSecret(key)
  if (content.bootId !== clock.bootedAt().id) return t('it was kept before this machine was restarted')
  const leftMs = Math.min(untilMs - clock.now().getTime(), untilUptimeMs - uptimeMs(clock))
  if (leftMs <= 0) return t('its time is over ("sesame unlock" keeps it again)')
  return { salt, key: bytes, until: new Date(Math.min(untilMs, clock.now().getTime() + leftMs)) }
}

/** Since boot, the time asleep included; no setting of the clock changes it. */
function uptimeMs(clock: Clock): number {
  return clock.now().getTime() - clock.bootedAt().at.getTime()
}
