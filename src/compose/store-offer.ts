import { formatInstant, type Secret, SesameError, t, type Warn } from '../kit/index.ts'
import type { WithoutKeychain } from '../profiles/index.ts'
import type { StoreOffer } from '../session/index.ts'
import type { ManagedFile } from '../store/index.ts'
import { askPassphraseTwice, chooseValue } from '../terminal/index.ts'

export interface StoreOfferOptions {
  signal: () => AbortSignal
  notify: Warn
  /** Called when the program begins to wait for the user. */
  onWait: () => void
  passphraseAtHand: boolean
  /** Asks for the passphrase of a file that exists, once for this run. */
  askPassphrase: () => Promise<Secret>
  /** Takes the passphrase of a new file. */
  onPassphrase: (passphrase: Secret) => void
  file: () => Promise<ManagedFile>
}

const unlockedSeconds = 12 * 3600

/** The offer of a login on a terminal to keep secrets in an encrypted file. */
export function composeStoreOffer(options: StoreOfferOptions): StoreOffer {
  const { signal, notify, onWait, passphraseAtHand, file } = options
  return {
    isOpen: async () => passphraseAtHand || (await file()).look()?.unlockedUntil !== undefined,
    async ask() {
      onWait()
      const choices: { name: string; value: WithoutKeychain }[] = [
        { name: t('in an encrypted file: commands ask for its passphrase'), value: 'encrypted-file' },
        { name: t('in an encrypted file, unlocked for 12 hours by a login'), value: 'unlocked' },
        { name: t('nowhere: it is lost after this run'), value: 'memory' },
      ]
      const able = (await file()).canUnlock()
      const offered = choices.filter(({ value }) => able || value !== 'unlocked')
      const message = t('There is no keychain here. Where shall the sign-in be kept?')
      return chooseValue(message, offered, signal())
    },
    async takePassphrase() {
      onWait()
      const isNew = !(await file()).exists()
      options.onPassphrase(isNew ? await askPassphraseTwice(notify, signal()) : await options.askPassphrase())
    },
    async unlock() {
      try {
        const until = await (await file()).unlock(unlockedSeconds)
        notify(t('The encrypted file is unlocked until {until}.', { until: formatInstant(until) }))
      } catch (error) {
        if (!(error instanceof SesameError) || error.code !== 'ERR_STORE_UNAVAILABLE') throw error
        notify(error.message)
      }
    },
  }
}
