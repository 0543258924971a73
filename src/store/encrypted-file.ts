import { join } from 'node:path'
import { SesameError } from '../errors.ts'
import { printable } from '../printable.ts'
import { ensurePrivateDirectory } from '../private-directory.ts'
import { removePrivateFile, setAside, writePrivateFile } from '../private-file.ts'
import type { Secret } from '../secret.ts'
import { type CredentialStore, isJson } from './credential-store.ts'
import { type KeyDerivation, keyDeriver, newDerivation } from './encryption-key.ts'
import { type Envelope, open, parseEnvelope, seal } from './envelope.ts'
import { type ItemReading, itemPath, readItem } from './item-file.ts'
import type { OpenStoreOptions } from './open-store.ts'

export interface EncryptedFileOptions extends ItemReading {
  directory: string
  /** Asked at most once, and only when there is something to open or to seal. */
  passphrase: () => Promise<Secret>
}

/** No key makes this name: a leading dot is always encoded. */
const verifierName = '.verifier'

/**
 * AES-256-GCM files under a key that scrypt makes from a passphrase: one item a file in `<directory>/secrets`. A
 * verifier beside them, sealed under the same key, tells a wrong passphrase (`ERR_STORE_PASSPHRASE`) from a damaged
 * item (set aside), and gives all items one salt, so that a process derives the key once.
 */
export function encryptedFileStore(options: EncryptedFileOptions): CredentialStore {
  const directory = join(options.directory, 'secrets')
  const verifierPath = join(directory, `${verifierName}.json`)
  const deriveKey = keyDeriver(options.passphrase)
  let verified: { kdf: KeyDerivation; key: Buffer } | undefined

  const readEnvelope = (path: string) => readItem(path, parseEnvelope, options)

  /** The store's present key, proven by the verifier; undefined when the store has no verifier. */
  async function provenKey(): Promise<{ kdf: KeyDerivation; key: Buffer } | undefined> {
    if (verified !== undefined) return verified
    const verifier = readEnvelope(verifierPath)
    if (verifier === undefined) return undefined
    const key = await deriveKey(verifier.kdf)
    if (open(verifierName, verifier, key) === undefined) throw wrongPassphrase()
    verified = { kdf: verifier.kdf, key }
    return verified
  }

  async function createVerifier(): Promise<{ kdf: KeyDerivation; key: Buffer }> {
    const kdf = newDerivation()
    const key = await deriveKey(kdf)
    writePrivateFile(verifierPath, JSON.stringify(seal(verifierName, '{}', key, kdf)))
    // Another process may have made one at the same moment: the last one stands for both.
    return (await provenKey()) ?? { kdf, key }
  }

  /** For an item that does not open: throws if the passphrase is to blame, returns if the item is. */
  async function blameItem(): Promise<void> {
    if ((await provenKey()) === undefined) throw wrongPassphrase()
  }

  async function openItem(path: string, key: string, envelope: Envelope): Promise<string | undefined> {
    const value = open(key, envelope, await deriveKey(envelope.kdf))
    if (value !== undefined && isJson(value)) return value
    await blameItem()
    const now = readEnvelope(path)
    if (now === undefined) return undefined
    if (now.nonce !== envelope.nonce) return openItem(path, key, now)
    const kept = setAside(path, options.clock.now())
    options.warn(
      `${printable(path)} is damaged or belongs to another item; it is kept as ${printable(kept)}.`,
    )
    return undefined
  }

  return {
    kind: 'encrypted-file',
    async read(key) {
      const path = itemPath(directory, key)
      const envelope = readEnvelope(path)
      return envelope && openItem(path, key, envelope)
    },
    async write(key, value) {
      ensurePrivateDirectory(options.directory, options.warn)
      ensurePrivateDirectory(directory, options.warn)
      const { kdf, key: secretKey } = (await provenKey()) ?? (await createVerifier())
      writePrivateFile(itemPath(directory, key), JSON.stringify(seal(key, value, secretKey, kdf)))
    },
    remove: async (key) => removePrivateFile(itemPath(directory, key)),
  }
}

function wrongPassphrase(): SesameError {
  return new SesameError('ERR_STORE_PASSPHRASE', 'The passphrase does not open the encrypted store.', {
    hint: 'Check SESAME_PASSPHRASE, or delete the "secrets" directory beside the configuration to start anew.',
  })
}

/** Opens it, if there is a passphrase or somebody who can be asked for it (`ERR_STORE_PASSPHRASE`). */
export function openEncryptedFile(options: OpenStoreOptions): CredentialStore {
  const { passphrase, passphraseAvailable, interactive } = options
  if (!passphrase || !(passphraseAvailable || interactive)) {
    throw new SesameError('ERR_STORE_PASSPHRASE', 'The encrypted store needs a passphrase.', {
      hint: 'Set SESAME_PASSPHRASE, or run this in a terminal.',
    })
  }
  return encryptedFileStore({ ...options, passphrase })
}
