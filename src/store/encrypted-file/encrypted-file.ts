import { basename, join } from 'node:path'
import { isPrivateDirectory, setAside } from '../../files/index.ts'
import { type Log, printable, SesameError, silentLog, t } from '../../kit/index.ts'
import { type CredentialStore, isJson } from '../credential-store.ts'
import { type ItemReading, itemPath, readItem } from '../item-file.ts'
import type { OpenStoreOptions } from '../open-store.ts'
import { type Envelope, open, parseEnvelope, unwrap } from './encryption.ts'
import {
  type PassphraseSource,
  type StoreKeys,
  storeKeys,
  type UnlockedKeySource,
  verifierPath,
  wrongPassphrase,
} from './store-keys.ts'
import { forgetUnlockedKey, readUnlockedKey, type UnlockedKey } from './unlocked-key.ts'

const trustedMs = 1000

export interface EncryptedFileOptions extends ItemReading {
  directory: string
  passphrase: PassphraseSource
  unlocked?: UnlockedKeySource | undefined
  log?: Log | undefined
}

/** What reading and writing have in common. */
export interface EncryptedFile extends ItemReading {
  /** The directory around it. */
  above: string
  /** Where the items are. */
  directory: string
  keys: StoreKeys
  log: Log
}

/**
 * AES-256-GCM files under a key that is made of a passphrase: one item a file in `<directory>/secrets`. A verifier
 * beside them, sealed under the same key, distinguishes a wrong passphrase (`ERR_STORE_PASSPHRASE`) from a damaged item (set
 * aside), and gives all items one salt, so that the key is derived once.
 */
export function encryptedFileStore(options: EncryptedFileOptions): CredentialStore {
  const file = encryptedFile(options)
  const writing = () => import('./write-encrypted.ts')
  return {
    kind: 'encrypted-file',
    async read(key) {
      if (!isPrivateDirectory(file.directory, file.warn)) return undefined
      const path = itemPath(file.directory, key)
      const envelope = readItem(path, parseEnvelope, file)
      return envelope && openItem(file, path, key, envelope)
    },
    write: async (key, value) => (await writing()).writeItem(file, key, value),
    remove: async (key) => (await writing()).removeItem(file, key),
  }
}

export function encryptedFile({ log = silentLog, ...options }: EncryptedFileOptions): EncryptedFile {
  const { clock, warn } = options
  const directory = join(options.directory, 'secrets')
  return { above: options.directory, directory, keys: storeKeys({ ...options, directory }), clock, warn, log }
}

async function openItem(
  file: EncryptedFile,
  path: string,
  key: string,
  envelope: Envelope,
): Promise<string | undefined> {
  const { keys, clock, warn } = file
  const secretKey = await keys.keyFor(envelope.kdf)
  const value = secretKey && openEnvelope(path, key, envelope, secretKey)
  if (value !== undefined && isJson(value)) return value
  // The passphrase may be wrong, or the item damaged: the verifier shows which.
  if ((await keys.present()) === undefined) throw wrongPassphrase(envelope.kdf)
  const now = readItem(path, parseEnvelope, file)
  if (now === undefined) return undefined
  const keyNow = await keys.keyFor(now.kdf)
  const same = keyNow === undefined ? secretKey === undefined : secretKey?.equals(keyNow)
  if (now.nonce !== envelope.nonce || !same) return openItem(file, path, key, now)
  const kept = setAside(path, clock.now())
  warn(
    t('{path} is damaged or belongs to another item; it is kept as {kept}.', {
      path: printable(path),
      kept: printable(kept),
    }),
  )
  return undefined
}

function openEnvelope(path: string, key: string, envelope: Envelope, secretKey: Buffer): string | undefined {
  if (!envelope.wraps) return open(key, envelope, secretKey)
  const inner = unwrap(basename(path), envelope, secretKey)
  return inner && open(key, inner.envelope, inner.key)
}

/**
 * Opens it with the key that `sesame unlock` has kept, or with a passphrase, or by asking a person for it
 * (`ERR_STORE_PASSPHRASE`). Before something is kept, the directory must take files (`ERR_FILE`), and the passphrase must open the
 * file, or do for a new one (`ERR_CONFIG`).
 */
export async function openEncryptedFile(options: OpenStoreOptions): Promise<CredentialStore> {
  const { passphrase, passphraseAvailable, interactive } = options
  const unlocked = unlockedKeyOf(options)
  const canGive = passphrase !== undefined && (passphraseAvailable || interactive())
  if (!canGive && !options.forLeaving && unlocked.read() === undefined) throw needsPassphrase()
  const give: PassphraseSource = async (use) => {
    if (!canGive) throw needsPassphrase()
    return passphrase(use)
  }
  const file = { ...options, passphrase: give, unlocked }
  if (options.forWriting) {
    const { proveFileStore } = await import('../self-test.ts')
    proveFileStore('secrets', options)
    // The passphrase that will seal opens what is there, or is one that a new file may have.
    if (hasVerifier(options)) await encryptedFile(file).keys.present()
    else if (canGive) await give({ isNew: true })
  }
  return encryptedFileStore(file)
}

/** The kept key, looked at anew after a second: a process that runs for days must feel `sesame lock` and the deadline. */
export function unlockedKeyOf({
  dbus,
  ...options
}: Pick<OpenStoreOptions, 'directory' | 'platform' | 'uid' | 'dbus' | 'clock' | 'warn'>): UnlockedKeySource {
  const place = { ...options, runtimeDirectory: dbus.runtimeDirectory }
  const { clock } = options
  let read: { key: UnlockedKey | undefined; untilMs: number } | undefined
  return {
    read: () => {
      const nowMs = clock.monotonicMs()
      if (read === undefined || nowMs >= read.untilMs)
        read = { key: readUnlockedKey(place), untilMs: nowMs + trustedMs }
      return read.key
    },
    forget: () => {
      options.warn(
        t('The key that "sesame unlock" has kept does not fit the encrypted file; it was forgotten.'),
      )
      read = undefined
      forgetUnlockedKey(place)
    },
  }
}

function hasVerifier({ directory, clock, warn }: OpenStoreOptions): boolean {
  return readItem(verifierPath(join(directory, 'secrets')), parseEnvelope, { clock, warn }) !== undefined
}

export function needsPassphrase(): SesameError {
  return new SesameError('ERR_STORE_PASSPHRASE', t('The encrypted store needs a passphrase.'), {
    hint: t('Set SESAME_PASSPHRASE, run "sesame unlock" first, or run this in a terminal.'),
  })
}
