import { join } from 'node:path'
import {
  ensurePrivateDirectory,
  namesIn,
  removePrivateFile,
  statsOf,
  withFileLock,
  writePrivateFile,
} from '../../files/index.ts'
import { isSesameError, type Secret } from '../../kit/index.ts'
import { itemPath, readItem } from '../item-file.ts'
import type { EncryptedFile } from './encrypted-file.ts'
import { type Envelope, parseEnvelope, seal, unwrap, wrap } from './encryption.ts'
import { deriveKey, isBelowFloor, newDerivation } from './encryption-key.ts'
import { type PresentKey, sealVerifier, verifierPath } from './store-keys.ts'

/** A writer holds the lock for some milliseconds; one that seals everything anew, for some per item. */
const longestWaitMs = 10_000

/** A late writer may have sealed under a former key just now: so many of them stay known. */
const formerKeysKept = 4

/** Seals one item under the present key. A store of an earlier version is brought up to date on the way. */
export async function writeItem(file: EncryptedFile, key: string, value: string): Promise<void> {
  await orKnown(file, () => makeReady(file))
  await underLock(file, async () => {
    const now = await orKnown(file, () => upToDate(file))
    writePrivateFile(itemPath(file.directory, key), JSON.stringify(seal(key, value, now.key, now.kdf)))
  })
}

/** Removes one item; true when there was one. */
export async function removeItem(file: EncryptedFile, key: string): Promise<boolean> {
  // A store that does not exist is not created for it.
  if (statsOf(file.directory) === undefined) return false
  return underLock(file, async () => removePrivateFile(itemPath(file.directory, key)))
}

/** The present key with today's parameters: of a new store, or of one of an earlier version. */
export async function prepareStore(file: EncryptedFile): Promise<PresentKey> {
  await makeReady(file)
  return underLock(file, () => upToDate(file))
}

/**
 * Gives the store another passphrase, and seals what it holds anew. At every moment either the former passphrase or the
 * new one opens everything: the one step between them replaces the verifier, which also holds the former key.
 */
export async function changePassphrase(file: EncryptedFile, passphrase: Secret): Promise<void> {
  ensureDirectories(file)
  await underLock(file, async () => {
    const former = await file.keys.present()
    await changeKey(file, former, passphrase)
  })
}

/**
 * The passphrase may have been replaced since this process opened the store. What it writes then under the key that it knows
 * can be opened with the new one: the verifier holds the former keys.
 */
async function orKnown<T>(file: EncryptedFile, present: () => Promise<T>): Promise<T | PresentKey> {
  try {
    return await present()
  } catch (error) {
    const known = file.keys.known()
    if (known === undefined || !isSesameError(error, 'ERR_STORE_PASSPHRASE')) throw error
    return known
  }
}

/** What may ask a person, and so must not be done under the lock. */
async function makeReady(file: EncryptedFile): Promise<void> {
  ensureDirectories(file)
  const { keys } = file
  if ((await keys.present()) === undefined) await keys.passphrase({ isNew: true })
}

function ensureDirectories({ above, directory, warn }: EncryptedFile): void {
  ensurePrivateDirectory(above, warn)
  ensurePrivateDirectory(directory, warn)
}

async function upToDate(file: EncryptedFile): Promise<PresentKey> {
  const { keys } = file
  const now = await keys.present()
  if (now === undefined) return changeKey(file, undefined, await keys.passphrase({ isNew: true }))
  if (isBelowFloor(now.kdf) && keys.hasPassphrase())
    return changeKey(file, now, await keys.passphrase({ isNew: false }))
  return now.unfinished ? sealAnew(file, now) : now
}

async function changeKey(
  file: EncryptedFile,
  from: PresentKey | undefined,
  passphrase: Secret,
): Promise<PresentKey> {
  const kdf = newDerivation(passphrase)
  const key = await deriveKey(passphrase, kdf)
  if (from === undefined) return writeVerifier(file, { kdf, key, former: [], unfinished: false })
  const last = { salt: from.kdf.salt, key: from.key.toString('base64') }
  const former = [last, ...from.former].slice(0, formerKeysKept)
  return sealAnew(file, writeVerifier(file, { kdf, key, former, unfinished: true }))
}

function writeVerifier(
  { directory, keys }: EncryptedFile,
  content: Omit<PresentKey, 'instance'>,
): PresentKey {
  const { text, present } = sealVerifier(content)
  writePrivateFile(verifierPath(directory), text)
  return keys.remember(present)
}

/** Wraps whatever is stored under a former key in the present one. Started again after a crash, it continues where it was. */
function sealAnew(file: EncryptedFile, now: PresentKey): PresentKey {
  const { directory } = file
  const formerKeys = new Map(now.former.map(({ salt, key }) => [salt, Buffer.from(key, 'base64')]))
  for (const name of itemNamesIn(directory)) {
    const path = join(directory, name)
    const envelope = readItem(path, parseEnvelope, file)
    const formerKey = envelope && formerKeys.get(envelope.kdf.salt)
    const inner = formerKey && innermost(name, envelope, formerKey)
    if (inner === undefined) continue
    writePrivateFile(path, JSON.stringify(wrap(name, inner, now.key, now.kdf)))
  }
  return writeVerifier(file, { ...now, unfinished: false })
}

/** An item is wrapped once, however often the passphrase changes. */
function innermost(
  name: string,
  envelope: Envelope,
  key: Buffer,
): { envelope: Envelope; key: Buffer } | undefined {
  return envelope.wraps ? unwrap(name, envelope, key) : { envelope, key }
}

/** The files of items. The verifier and the lock begin with a dot, what was set aside ends otherwise. */
function itemNamesIn(directory: string): string[] {
  const names = namesIn(directory) ?? []
  return names.filter((name) => !name.startsWith('.') && name.endsWith('.json'))
}

/**
 * Keeps writers apart from one that seals everything anew, which must not bring back what was replaced or removed
 * meanwhile. A lock that cannot be taken does not prevent the write: a token that was obtained is worth more.
 */
async function underLock<T>({ directory, clock, log }: EncryptedFile, run: () => Promise<T>): Promise<T> {
  let begun = false
  const once = () => {
    begun = true
    return run()
  }
  try {
    return await withFileLock(join(directory, '.lock'), { clock, log, waitMs: longestWaitMs }, once)
  } catch (error) {
    if (begun || !isSesameError(error, 'ERR_LOCK_TIMEOUT')) throw error
    log('sesame:store', `writing without a lock: ${error.message}`)
    return run()
  }
}
