import { isSesameError } from '../kit/index.ts'
import type { CredentialStore } from './credential-store.ts'
import { openEncryptedFile, unlockedKeyOf } from './encrypted-file/encrypted-file.ts'
import { type KeychainState, type KeychainStore, keychainStore } from './keychain.ts'
import { memoryStore } from './memory.ts'
import type { OpenedStore, OpenStoreOptions } from './open-store.ts'
import { foreignBus } from './secret-service/bus-owner.ts'
import { keepInFile, proveByCanary } from './self-test.ts'

/** What `auto` means here and now. */
export async function chooseStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const store = keychainStore(options)
  const probe = await store.probe()
  const reason = await whyNot(store, probe, options)
  if (reason === undefined) return { store, probe }
  const unlocked = () => unlockedKeyOf(options).read() !== undefined
  if ((options.passphraseAvailable && options.passphrase) || unlocked())
    return { store: (await encryptedFileUnless(options)) ?? memoryStore(), probe }
  // Reading from memory would answer "nothing there" for a keychain that only cannot be asked just now.
  if (!options.forWriting) return { store: mayHoldSecrets.includes(probe) ? store : memoryStore(), probe }
  options.warn(`Nothing will be kept after this run: ${reason}`)
  return { store: memoryStore(), probe }
}

/** The encrypted file; undefined, and said, where nothing can be written. */
async function encryptedFileUnless(options: OpenStoreOptions): Promise<CredentialStore | undefined> {
  try {
    return await openEncryptedFile(options)
  } catch (error) {
    if (!options.forWriting || !isSesameError(error, 'ERR_FILE')) throw error
    options.warn(`Nothing will be kept after this run: ${error.message}`)
    return undefined
  }
}

const mayHoldSecrets: readonly KeychainState[] = ['unlocked', 'locked', 'timeout', 'unknown']

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
  const foreign = probe === 'no-bus' ? foreignBus(options.dbus, options.uid) : undefined
  const obstacle = foreign === undefined ? obstacles[probe] : `${foreign}. ${keepInFile}`
  const canAsk = probe === 'locked' && options.interactive()
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
