import { type StoreChoice, t } from '../kit/index.ts'
import type { WithoutKeychain } from '../profiles/index.ts'
import { persistOrWarn } from './profile-stores.ts'
import type { SessionContext } from './session-context.ts'

/** What an offer to keep secrets in an encrypted file needs of the machine, and of the person at its terminal. */
export interface StoreOffer {
  /** Whether the encrypted file opens without a prompt: by SESAME_PASSPHRASE, or as it is unlocked. */
  isOpen(): Promise<boolean>
  /** Where sign-ins shall be kept. @throws SesameError ERR_INTERRUPTED */
  ask(): Promise<WithoutKeychain>
  /** Asks for the passphrase, which is at hand for the rest of this run; twice for a new file. @throws SesameError ERR_INTERRUPTED */
  takePassphrase(): Promise<void>
  /** Keeps the key of the file for a while, if that can be done here. */
  unlock(): Promise<void>
}

/**
 * Before a sign-in that would be kept nowhere, as there is no keychain: the person is offered the encrypted file, once. The answer is
 * remembered, whichever it is; an interruption is none. Where the store was named, nothing is offered.
 */
export async function offerStore(choice: StoreChoice, context: SessionContext): Promise<void> {
  const { storeOffer: offer, state } = context
  if (offer === undefined || context.storeOverride() !== undefined) return
  const answer = state.read().withoutKeychain
  if (choice === 'encrypted-file' && answer === 'unlocked' && !(await offer.isOpen())) return offer.unlock()
  // For reading, `auto` is `memory` only where nothing can be there: a keychain that is locked is one.
  if (choice !== 'auto' || (await context.openStore('auto', 'read')).kind !== 'memory') return
  const chosen = answer ?? (await offer.ask())
  if (chosen !== 'memory') await offer.takePassphrase()
  if (chosen === 'unlocked') await offer.unlock()
  if (answer !== undefined) return
  const remember = () => state.change((before) => ({ ...before, withoutKeychain: chosen }))
  if (await persistOrWarn(remember, t('Could not remember the answer'), context))
    context.warn(t('Remembered. To be asked again: sesame configure --store auto'))
}
