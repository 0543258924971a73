import { join } from 'node:path'
import { statsOf } from '../../files/index.ts'
import { type Clock, type Log, type Secret, SesameError, t, type Warn } from '../../kit/index.ts'
import { readItem } from '../item-file.ts'
import { encryptedFile } from './encrypted-file.ts'
import { parseEnvelope } from './encryption.ts'
import { isBelowFloor } from './encryption-key.ts'
import { newFullStrengthKey } from './full-strength-key.ts'
import { findRuntimeDirectory, type RuntimeLocation } from './runtime-directory.ts'
import { type PassphraseSource, storeKeys, verifierPath } from './store-keys.ts'
import { checkUnlockable, forgetUnlockedKey, keepUnlockedKey, readUnlockedKey } from './unlocked-key.ts'
import { changePassphrase, prepareStore } from './write-encrypted.ts'

export interface ManagedFileOptions extends RuntimeLocation {
  /** The state directory. */
  directory: string
  clock: Clock
  log: Log
  warn: Warn
  passphrase: PassphraseSource
}

/** What is known of an encrypted file without opening it. */
export interface EncryptedFileFacts {
  /** What opens it: a passphrase, or a key of full strength. */
  openedBy: 'passphrase' | 'key'
  /** True for derivation parameters below OWASP's floor: files of 0.1.0 until they are written to. */
  belowFloor: boolean
  /** Until when its key is kept by `sesame unlock`. */
  unlockedUntil: Date | undefined
}

/** The encrypted file of one configuration directory, as `unlock`, `lock`, `configure` and `doctor` deal with it. */
export interface ManagedFile {
  exists(): boolean
  /** Undefined when there is none. @throws SesameError ERR_FILE */
  look(): EncryptedFileFacts | undefined
  /**
   * Keeps its key in memory until then; without a file yet, one is made.
   *
   * @throws SesameError ERR_STORE_UNAVAILABLE where nothing can be kept, ERR_STORE_PASSPHRASE
   */
  unlock(seconds: number): Promise<Date>
  /** Whether a key can be kept in memory here. */
  canUnlock(): boolean
  /** Overwrites a kept key; true when there was one. */
  lock(): boolean
  /** Makes a key of full strength, once the present passphrase has opened the file (`ERR_STORE_PASSPHRASE`). */
  prepareNewKey(): Promise<NewKey>
}

interface NewKey {
  /** To be handed to the person before `use`, which ends what the former passphrase is good for. */
  key: Secret
  /** Seals everything anew under it. */
  use(): Promise<void>
}

/** @see ManagedFile */
export function manageEncryptedFile(options: ManagedFileOptions): ManagedFile {
  const { clock, warn } = options
  const directory = join(options.directory, 'secrets')
  const readVerifier = () => readItem(verifierPath(directory), parseEnvelope, { clock, warn })

  return {
    exists: () => statsOf(verifierPath(directory)) !== undefined,
    look() {
      const verifier = readVerifier()
      if (verifier === undefined) return undefined
      const kept = readUnlockedKey(options)
      return {
        openedBy: verifier.kdf.name === 'scrypt' ? 'passphrase' : 'key',
        belowFloor: isBelowFloor(verifier.kdf),
        unlockedUntil: kept?.salt === verifier.kdf.salt ? kept.until : undefined,
      }
    },
    async unlock(seconds) {
      checkUnlockable(options)
      // Without the kept key: to keep it for longer, the passphrase must be given again.
      const { key, kdf } = await prepareStore(encryptedFile(options))
      const until = new Date(clock.now().getTime() + seconds * 1000)
      keepUnlockedKey({ salt: kdf.salt, key, until }, options)
      return until
    },
    canUnlock: () => findRuntimeDirectory(options).kind === 'usable',
    lock: () => forgetUnlockedKey(options),
    async prepareNewKey() {
      await provePassphrase(storeKeys({ ...options, directory }).present)
      const key = newFullStrengthKey()
      return {
        key,
        async use() {
          await changePassphrase(encryptedFile(options), key)
          forgetUnlockedKey(options)
        },
      }
    },
  }
}

/** The hint of a store that cannot be opened does not lead on from here. */
async function provePassphrase(present: () => Promise<unknown>): Promise<void> {
  try {
    await present()
  } catch (error) {
    if (!(error instanceof SesameError) || error.code !== 'ERR_STORE_PASSPHRASE') throw error
    throw new SesameError(
      'ERR_STORE_PASSPHRASE',
      t('No new key was made: {reason}', { reason: lowerFirst(error.message) }),
      {
        hint: t(
          'Set SESAME_PASSPHRASE to the present passphrase, so that the secrets are taken along, or delete the "secrets" directory in the state directory to start anew.',
        ),
        cause: error,
      },
    )
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
