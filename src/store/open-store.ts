import type { Clock } from '../clock.ts'
import { isSesameError, SesameError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Secret } from '../secret.ts'
import type { CredentialStore, StoreKind, Warn } from './credential-store.ts'
import type { BusLocation } from './dbus-address.ts'
import { encryptedFileStore } from './encrypted-file.ts'
import { type KeychainState, type KeychainStore, keychainStore } from './keychain.ts'
import { memoryStore } from './memory.ts'
import { plaintextFileStore } from './plaintext-file.ts'

export type StoreChoice = 'auto' | StoreKind

export interface OpenStoreOptions {
  choice: StoreChoice
  /** The configuration directory; file stores live in subdirectories of it. */
  directory: string
  platform: NodeJS.Platform
  dbus: BusLocation
  uid: number | undefined
  /** Gives the passphrase of the encrypted file; called once, when it is needed. */
  passphrase?: (() => Promise<Secret>) | undefined
  /** True when `passphrase` answers without asking anybody: only then does `auto` take the encrypted file. */
  passphraseAvailable: boolean
  interactive: boolean
  clock: Clock
  log: Log
  warn: Warn
  /** True before something is kept: then the keychain proves itself first, and what will not be kept is said. */
  forWriting: boolean
  /** The name of our items in the keychain. */
  service?: string | undefined
}

export interface OpenedStore {
  store: CredentialStore
  /** What was found about the keychain, where it was looked at. */
  probe?: KeychainState
}

/**
 * The store for a choice. `auto` takes the keychain if it works, else the encrypted file if there is a passphrase,
 * else memory, and says so once when writing. An explicit choice never becomes another: where it cannot be used this
 * throws (`ERR_STORE_LOCKED`, `ERR_STORE_UNAVAILABLE`, `ERR_STORE_PASSPHRASE`), for reading at the first call at latest.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  switch (options.choice) {
    case 'auto':
      return chooseStore(options)
    case 'keychain': {
      const store = keychainStore(options)
      if (!options.forWriting) return { store }
      await proveByCanary(store)
      return { store, probe: await store.probe() }
    }
    case 'encrypted-file':
      return { store: openEncryptedFile(options) }
    case 'plaintext':
      if (options.forWriting) options.warn(`Secrets are kept in plain text in ${options.directory}.`)
      return { store: plaintextFileStore(options) }
    case 'memory':
      return { store: memoryStore() }
  }
}

async function chooseStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const store = keychainStore(options)
  const probe = await store.probe()
  const reason = await whyNot(store, probe, options)
  if (reason === undefined) return { store, probe }
  if (options.passphraseAvailable && options.passphrase) return { store: openEncryptedFile(options), probe }
  // Reading from memory would answer "nothing there" for a keychain that only cannot be asked just now.
  if (!options.forWriting) return { store: mayHoldSecrets.includes(probe) ? store : memoryStore(), probe }
  options.warn(`Nothing will be kept after this run: ${reason}`)
  return { store: memoryStore(), probe }
}

const mayHoldSecrets: readonly KeychainState[] = ['unlocked', 'locked', 'timeout', 'unknown']

const keepInFile = 'To keep it, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.'
const obstacles: Partial<Record<KeychainState, string>> = {
  locked: 'the keyring is locked. Unlock it first to keep it.',
  timeout: `the keyring does not answer. ${keepInFile}`,
  'no-provider': `no keyring service is running. ${keepInFile}`,
  'no-bus': `there is no keyring here (no D-Bus session). ${keepInFile}`,
  'no-default-collection': `there is no default keyring yet. ${keepInFile}`,
  'no-binding': `the keychain cannot be used on this platform. ${keepInFile}`,
}

/** Why `auto` does not take the keychain, in words; undefined when it does. */
async function whyNot(
  store: KeychainStore,
  probe: KeychainState,
  options: OpenStoreOptions,
): Promise<string | undefined> {
  const obstacle = obstacles[probe]
  const canAsk = probe === 'locked' && options.interactive
  if (obstacle !== undefined && !canAsk) return obstacle
  if (!options.forWriting) return undefined
  try {
    await proveByCanary(store)
    return undefined
  } catch (error) {
    if (!isSesameError(error, 'ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE')) throw error
    options.log('sesame:store', `keychain canary: ${error.message}`)
    return error.code === 'ERR_STORE_LOCKED'
      ? (obstacles.locked ?? error.message)
      : `the keychain did not keep a test item. ${keepInFile}`
  }
}

/** Writes, reads back and deletes an item of the size of real credentials: a good answer alone proves nothing. */
async function proveByCanary(store: CredentialStore): Promise<void> {
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  // A name of its own for each run: runs side by side must not delete each other's.
  const key = `canary:${randomBytes(8).toString('hex')}`
  const value = JSON.stringify(randomBytes(1350).toString('base64'))
  await store.write(key, value)
  const back = await store.read(key)
  await store.remove(key)
  if (back !== value) {
    throw new SesameError('ERR_STORE_UNAVAILABLE', 'The keychain did not return what was put into it.', {
      hint: keepInFile,
    })
  }
}

function openEncryptedFile(options: OpenStoreOptions): CredentialStore {
  const { passphrase, passphraseAvailable, interactive } = options
  if (!passphrase || !(passphraseAvailable || interactive)) {
    throw new SesameError('ERR_STORE_PASSPHRASE', 'The encrypted store needs a passphrase.', {
      hint: 'Set SESAME_PASSPHRASE, or run this in a terminal.',
    })
  }
  return encryptedFileStore({ ...options, passphrase })
}
