import { type FixedText, isSesameError, t } from '../kit/index.ts'
import { type CredentialStore, memoryStore } from './credential-store.ts'
import { openEncryptedFile, unlockedKeyOf } from './encrypted-file/encrypted-file.ts'
import { type KeychainState, type KeychainStore, keychainStore } from './keychain.ts'
import type { OpenedStore, OpenStoreOptions } from './open-store.ts'
import { keepInFile, proveOnce } from './self-test.ts'

/** What `auto` means here and now. */
export async function chooseStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const store = keychainStore(options)
  const { state: probe, reason } = await store.probe()
  const found = { probe, reason }
  const usable = await tryKeychain(store, found, options)
  if (typeof usable !== 'string') return { store: usable, ...found }
  const unlocked = () => unlockedKeyOf(options).read() !== undefined
  if ((options.passphraseAvailable && options.passphrase) || unlocked())
    return { store: (await encryptedFileUnless(options)) ?? memoryStore(), ...found }
  // Reading from memory would answer "nothing there" for a keychain that only cannot be asked just now.
  if (!options.forWriting) return { store: mayHoldSecrets.includes(probe) ? store : memoryStore(), ...found }
  options.warn(t('Nothing will be kept after this run: {reason}', { reason: usable }))
  return { store: memoryStore(), ...found }
}

/** The encrypted file; undefined, and said, where nothing can be written. */
async function encryptedFileUnless(options: OpenStoreOptions): Promise<CredentialStore | undefined> {
  try {
    return await openEncryptedFile(options)
  } catch (error) {
    if (!options.forWriting || !isSesameError(error, 'ERR_FILE')) throw error
    options.warn(t('Nothing will be kept after this run: {reason}', { reason: error.message }))
    return undefined
  }
}

const mayHoldSecrets: readonly KeychainState[] = ['unlocked', 'locked', 'timeout', 'unknown']

/** Why the keychain is not taken, for every state but `locked`, which has a remedy of its own. */
const obstacles: Partial<Record<KeychainState, FixedText>> = {
  timeout: 'the keyring does not answer',
  'no-provider': 'no keyring service is running',
  'no-bus': 'there is no keyring here (no D-Bus session)',
  'no-default-collection': 'there is no default keyring yet',
  'no-binding': 'the keychain cannot be used on this platform',
}

/** States whose reason says all that is to be said. */
const saidByReason: readonly KeychainState[] = ['no-bus', 'no-binding', 'unknown']

/** The keychain, if `auto` takes it; else why not, in words. */
async function tryKeychain(
  store: KeychainStore,
  { probe, reason }: { probe: KeychainState; reason?: string | undefined },
  options: OpenStoreOptions,
): Promise<CredentialStore | string> {
  const obstacle = obstacleOf(probe, reason)
  const canAsk = probe === 'locked' && options.interactive()
  if (obstacle !== undefined && !canAsk) return obstacle
  if (!options.forWriting) return store
  try {
    return await proveOnce(store, options.proof)
  } catch (error) {
    if (!isSesameError(error, 'ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE')) throw error
    options.log('sesame:store', `keychain canary: ${error.message}`)
    return `${error.message.replace(/^T/, 't')} ${t(keepInFile)}`
  }
}

function obstacleOf(state: KeychainState, found: string | undefined): string | undefined {
  if (state === 'locked') return t('the keyring is locked. Unlock it first to keep it.')
  const known = obstacles[state]
  const reason = found !== undefined && saidByReason.includes(state) ? found : known && t(known)
  return reason && t('{reason}. {advice}', { reason, advice: t(keepInFile) })
}
