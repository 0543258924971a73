import type { Program } from '../../../compose/index.ts'
import { SesameError, t } from '../../../kit/index.ts'
import { isNullDevice } from '../../../terminal/index.ts'
import type { Input } from '../../command.ts'

/** @throws SesameError ERR_USAGE: a key is made for the encrypted file only, and only where that was asked for by name */
export function checkNewKeyOption(input: Input): void {
  if (!input.has('new-key') || (input.text('store') === 'encrypted-file' && !input.has('for'))) return
  throw new SesameError('ERR_USAGE', t('--new-key goes with --store encrypted-file only.'), {
    hint: 'sesame configure --store encrypted-file --new-key',
  })
}

type NewKey = Awaited<ReturnType<Awaited<ReturnType<Program['encryptedFile']>>['prepareNewKey']>>

/** Hands the key over first: what is encrypted with a key that is lost is lost too. */
export async function useNewKey({ key, use }: NewKey, { edges, notify }: Program): Promise<void> {
  if (isNullDevice(1) || edges.stdout(`${key.reveal()}\n`) !== 'written') {
    throw new SesameError(
      'ERR_OUTPUT',
      t('The new key could not be written to the standard output, so it is not used.'),
      {
        hint: t('What opened the encrypted file before still does; run the same command again.'),
      },
    )
  }
  await use()
  notify(t('This key opens the encrypted file from now on. Keep it: it is not shown again.'))
  notify(
    t('Set SESAME_PASSPHRASE to it, as a secret of your CI or server; it replaces the former passphrase.'),
  )
}
