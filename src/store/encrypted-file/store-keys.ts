import { join } from 'node:path'
import { type Secret, SesameError, t } from '../../kit/index.ts'
import { type ItemReading, readItem } from '../item-file.ts'
import { type Envelope, open, parseEnvelope, seal } from './encryption.ts'
import { deriveKey, fits, type KeyDerivation } from './encryption-key.ts'
import type { UnlockedKey } from './unlocked-key.ts'

/** No item makes this name: a leading dot is always encoded. */
const verifierName = '.verifier'

/** The key that a store seals with, proven by its verifier. */
export interface PresentKey {
  kdf: KeyDerivation
  key: Buffer
  /** Keys it had before, the latest first: until everything is sealed anew, items are stored under them. */
  former: readonly FormerKey[]
  /** True while `reseal` has not come to its end. */
  unfinished: boolean
  /** Distinguishes one version of the verifier from the next. */
  instance: string
}

interface FormerKey {
  salt: string
  /** base64 */
  key: string
}

export interface StoreKeysOptions extends ItemReading {
  /** Where the items are. */
  directory: string
  passphrase: PassphraseSource
  unlocked?: UnlockedKeySource | undefined
}

/** Asked at most once, and only when there is something to open or to seal; `isNew`: nothing is sealed under it yet. */
export type PassphraseSource = (use: { isNew: boolean }) => Promise<Secret>

/** The key that `sesame unlock` has kept. */
export interface UnlockedKeySource {
  read(): UnlockedKey | undefined
  /** For one that does not fit this store. */
  forget(): void
}

/** The keys of one encrypted store. */
export interface StoreKeys {
  /** The present key; undefined when the store has none yet. @throws SesameError ERR_STORE_PASSPHRASE */
  present(): Promise<PresentKey | undefined>
  /** What `present` last gave. */
  known(): PresentKey | undefined
  /** Takes a verifier that this process has just written for read. */
  remember(present: PresentKey): PresentKey
  /** The key of what was sealed under `kdf`; undefined when it cannot be known any more. */
  keyFor(kdf: KeyDerivation): Promise<Buffer | undefined>
  passphrase: PassphraseSource
  /** True once the passphrase is known: then a key can be derived anew without asking. */
  hasPassphrase(): boolean
}

/**
 * Opens the verifier, which distinguishes a wrong passphrase from a damaged item and gives all items one salt. A key that was kept
 * by `sesame unlock` goes first, then the passphrase.
 */
export function storeKeys(options: StoreKeysOptions): StoreKeys {
  const { unlocked } = options
  let asked: Promise<Secret> | undefined
  let known: PresentKey | undefined
  /** The key that `known` was opened with, if it is the kept one: that counts only as long as it is kept. */
  let borrowed = false

  let given = false

  const passphrase: PassphraseSource = async (use) => {
    asked ??= options.passphrase(use)
    const secret = await asked
    given = true
    return secret
  }
  function kept(): UnlockedKey | undefined {
    const key = unlocked?.read()
    if (borrowed && key?.salt !== known?.kdf.salt) known = undefined
    return key
  }

  async function present(): Promise<PresentKey | undefined> {
    const verifier = readItem(verifierPath(options.directory), parseEnvelope, options)
    const atHand = kept()
    if (verifier === undefined || verifier.nonce === known?.instance) return verifier && known
    if (atHand !== undefined) {
      const opened = atHand.salt === verifier.kdf.salt ? openVerifier(verifier, atHand.key) : undefined
      if (opened !== undefined) return remember(opened, true)
      unlocked?.forget()
    }
    const secret = await passphrase({ isNew: false })
    if (!fits(secret, verifier.kdf)) throw wrongPassphrase(verifier.kdf)
    const opened = openVerifier(verifier, await deriveKey(secret, verifier.kdf))
    if (opened === undefined) throw wrongPassphrase(verifier.kdf)
    return remember(opened)
  }

  function remember(opened: PresentKey, byKeptKey = false): PresentKey {
    known = opened
    borrowed = byKeptKey
    return opened
  }

  return {
    present,
    known: () => {
      kept()
      return known
    },
    remember: (present) => remember(present, borrowed),
    async keyFor(kdf) {
      const atHand = kept()
      if (atHand?.salt === kdf.salt) return atHand.key
      const before = known && keyOf(known, kdf.salt)
      if (before !== undefined) return before
      if (atHand === undefined) {
        // The ordinary case, in which the verifier is not even read.
        const secret = await passphrase({ isNew: false })
        if (fits(secret, kdf)) return deriveKey(secret, kdf)
      }
      const now = await present()
      if (now === undefined) throw wrongPassphrase(kdf)
      const found = keyOf(now, kdf.salt)
      if (found !== undefined) return found
      const secret = await passphrase({ isNew: false })
      return fits(secret, kdf) ? deriveKey(secret, kdf) : undefined
    },
    passphrase,
    hasPassphrase: () => given,
  }
}

export function verifierPath(directory: string): string {
  return join(directory, `${verifierName}.json`)
}

/** A verifier for `writePrivateFile`, with what it says. */
export function sealVerifier({ kdf, key, former, unfinished }: Omit<PresentKey, 'instance'>): {
  text: string
  present: PresentKey
} {
  const content = former.length === 0 ? {} : { former, ...(unfinished && { unfinished }) }
  const envelope = seal(verifierName, JSON.stringify(content), key, kdf)
  return {
    text: JSON.stringify(envelope),
    present: { kdf, key, former, unfinished, instance: envelope.nonce },
  }
}

function openVerifier(verifier: Envelope, key: Buffer): PresentKey | undefined {
  const text = open(verifierName, verifier, key)
  if (text === undefined) return undefined
  // What opens was written by `sealVerifier`, or is the `{}` of 0.1.0.
  const { former = [], unfinished = false } = JSON.parse(text) as Partial<PresentKey>
  return { kdf: verifier.kdf, key, former, unfinished, instance: verifier.nonce }
}

function keyOf({ kdf, key, former }: PresentKey, salt: string): Buffer | undefined {
  if (kdf.salt === salt) return key
  const found = former.find((each) => each.salt === salt)
  return found && Buffer.from(found.key, 'base64')
}

export function wrongPassphrase({ name }: Pick<KeyDerivation, 'name'>): SesameError {
  return name === 'scrypt'
    ? new SesameError('ERR_STORE_PASSPHRASE', t('The passphrase does not open the encrypted store.'), {
        hint: t(
          'Check SESAME_PASSPHRASE, or delete the "secrets" directory in the state directory to start anew.',
        ),
      })
    : new SesameError('ERR_STORE_PASSPHRASE', t('The encrypted store is opened by another key than this.'), {
        hint: t(
          'Set SESAME_PASSPHRASE to the key that "sesame configure --new-key" printed, or delete the "secrets" directory in the state directory to start anew.',
        ),
      })
}
