import { SesameError } from './errors.ts'
import { t } from './text.ts'

/** Characters that a passphrase for a new encrypted file must have; files that exist open with a shorter one. */
const shortest = 8

/** Why a passphrase cannot be that of a new encrypted file; undefined when it can. */
export function passphraseObjection(text: string): string | undefined {
  // As it is counted on the keyboard: one accented letter can be two code points.
  const length = [...text.normalize('NFC')].length
  return length >= shortest
    ? undefined
    : t('A new passphrase needs at least {count} characters.', { count: shortest })
}

/** @throws SesameError ERR_CONFIG for a passphrase from the environment that a new encrypted file must not have */
export function checkNewPassphrase(text: string): void {
  const objection = passphraseObjection(text)
  if (objection === undefined) return
  throw new SesameError('ERR_CONFIG', objection, {
    hint: t(
      'Set a longer SESAME_PASSPHRASE, or make a key: sesame configure --store encrypted-file --new-key',
    ),
  })
}
