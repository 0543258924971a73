import { t } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sesame lock`: forgets the key that `sesame unlock` has kept. */
export const lockCommand: Command = {
  name: 'lock',
  summary: 'forget the key of the encrypted file that "sesame unlock" has kept',
  options: [],
  examples: ['sesame lock'],
  async run(_input, program) {
    const forgotten = (await program.encryptedFile()).lock()
    program.notify(
      forgotten
        ? t('The encrypted file is locked: its key was forgotten.')
        : t('The encrypted file was not unlocked: there is no key to forget.'),
    )
    return exitCodes.done
  },
}
