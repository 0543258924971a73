import { type Clock, type Log, printable, type StoreChoice, t, type Warn } from '../kit/index.ts'
import { type CredentialStore, memoryStore } from './credential-store.ts'
import type { PassphraseSource } from './encrypted-file/store-keys.ts'
import type { KeychainState } from './keychain.ts'
import { plaintextFileStore } from './plaintext-file.ts'
import type { BusLocation } from './secret-service/address.ts'
import type { Proof } from './self-test.ts'
import { fileStores, settleFiles } from './settle-files.ts'

export interface OpenStoreOptions {
  choice: StoreChoice
  /** The state directory; file stores are subdirectories of it. */
  directory: string
  /** Where they were before 0.3: the configuration directory. */
  former?: string | undefined
  platform: NodeJS.Platform
  /** `XDG_RUNTIME_DIR` is also where `sesame unlock` keeps a key. */
  dbus: BusLocation
  uid: number | undefined
  /** Gives the passphrase of the encrypted file; called when it is needed. */
  passphrase?: PassphraseSource | undefined
  /** True when `passphrase` answers without a prompt: only then does `auto` take the encrypted file. */
  passphraseAvailable: boolean
  /** Whether the user can be asked; called when that matters, since looking for a terminal takes time. */
  interactive: () => boolean
  /** Whether a user is there at all, who may be answering a dialog that the system has opened; else as `interactive`. */
  userPresent?: (() => boolean) | undefined
  /** Node and what it was started with, for a keychain's calls in a process that can be given up. */
  node?: readonly string[] | undefined
  /** Where a standalone executable unpacks its keychain binding. */
  cacheDirectory?: string | undefined
  /** True when the keychain has not answered this process before. */
  unanswered?: boolean | undefined
  clock: Clock
  log: Log
  warn: Warn
  /** True before something is kept: then the keychain proves itself first, and what will not be kept is said. */
  forWriting: boolean
  /** True for a look at the store: a disk that is full just now is an error, too. */
  inspects?: boolean | undefined
  /** Something may only be there to be forgotten: an encrypted file opens without a passphrase, as long as no item is read. */
  forLeaving?: boolean | undefined
  /** What is remembered of the keychain's proof; without it, it proves itself each time. */
  proof?: Proof | undefined
  /** The name of our items in the keychain. */
  service?: string | undefined
}

export interface OpenedStore {
  store: CredentialStore
  /** What was found about the keychain, where it was looked at. */
  probe?: KeychainState
  /** Why it is in that state, where more is known. */
  reason?: string | undefined
}

/**
 * The store for a choice. `auto` takes the keychain if it works, else the encrypted file if there is a passphrase,
 * else memory, and says so once when writing. An explicit choice never becomes another: where it cannot be used this
 * throws (`ERR_STORE_LOCKED`, `ERR_STORE_UNAVAILABLE`, `ERR_STORE_PASSPHRASE`), for reading at the first call at latest.
 */
export async function openStore(given: OpenStoreOptions): Promise<OpenedStore> {
  const { choice } = given
  const files = choice === 'auto' ? 'encrypted-file' : choice
  const options = isFileStore(files) ? { ...given, directory: settleFiles(files, given) } : given
  // Each store is loaded when it is opened: the cached path pays for the one it reads.
  switch (choice) {
    case 'auto':
      return (await import('./auto-store.ts')).chooseStore(options)
    case 'keychain': {
      const { keychainStore } = await import('./keychain.ts')
      const store = keychainStore(options)
      if (!options.forWriting) return { store }
      const { proveOnce } = await import('./self-test.ts')
      return { store: await proveOnce(store, options.proof), probe: (await store.probe()).state }
    }
    case 'encrypted-file':
      return { store: await (await import('./encrypted-file/encrypted-file.ts')).openEncryptedFile(options) }
    case 'plaintext':
      if (options.forWriting) {
        const { proveFileStore } = await import('./self-test.ts')
        proveFileStore('plaintext-secrets', options)
        options.warn(
          t('Secrets are kept in plain text in {directory}.', { directory: printable(options.directory) }),
        )
      }
      return { store: plaintextFileStore(options) }
    case 'memory':
      return { store: memoryStore() }
  }
}

function isFileStore(choice: StoreChoice): choice is keyof typeof fileStores {
  return choice in fileStores
}
