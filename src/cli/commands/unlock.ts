import type { Program } from '../../compose/index.ts'
import { formatInstant, SesameError, t } from '../../kit/index.ts'
import type { State } from '../../profiles/index.ts'
import { chooseStore } from '../../session/index.ts'
import type { Command } from '../command.ts'
import { parseDuration } from '../duration.ts'
import { exitCodes } from '../exit-codes.ts'

const longestSeconds = 7 * 24 * 3600

/** `sesame unlock`: keeps the key of the encrypted file in memory for a while, so that nothing asks for its passphrase. */
export const unlockCommand: Command = {
  name: 'unlock',
  summary: 'keep the key of the encrypted file at hand for a while, so that commands need no passphrase',
  options: [
    {
      name: 'for',
      value: 'DURATION',
      summary: 'for how long, such as 90m or 8h (default 12h; at most 168h)',
    },
  ],
  examples: ['sesame unlock', 'sesame unlock --for 8h'],
  async run(input, program) {
    const seconds = parseDuration(input.text('for') ?? '12h', 'for')
    if (seconds < 1 || seconds > longestSeconds) {
      throw new SesameError('ERR_USAGE', t('--for must be between 1s and 168h (seven days).'))
    }
    await checkThatItIsUsed(program)
    const until = await (await program.encryptedFile()).unlock(seconds)
    await program.session.state.change(takingBack)
    program.notify(
      t('The encrypted file is unlocked until {until}; "sesame lock" ends it before.', {
        until: formatInstant(until),
      }),
    )
    return exitCodes.done
  },
}

/** Who unlocks the file wants it used, whatever was answered when a login offered it. */
function takingBack(state: State): State {
  return state.withoutKeychain === 'memory' ? { ...state, withoutKeychain: 'encrypted-file' } : state
}

/** Where secrets are kept elsewhere, a passphrase would be asked for in vain. */
async function checkThatItIsUsed({ session, encryptedFile }: Program): Promise<void> {
  const config = session.readConfig()
  const profiles = [undefined, ...config.profiles.values()]
  const override = session.storeOverride()
  const choices = profiles.map((profile) => chooseStore(config, profile, override))
  if (choices.includes('encrypted-file')) return
  let store: string = choices[0] ?? 'auto'
  if (choices.includes('auto')) {
    if ((await encryptedFile()).exists()) return
    store = (await session.openStore('auto', 'read')).kind
    // Without a keychain `auto` takes the encrypted file as soon as it is unlocked.
    if (store !== 'keychain') return
  }
  throw new SesameError('ERR_USAGE', t('There is nothing to unlock: the store is {store}.', { store }), {
    hint: t('The encrypted file is chosen with: sesame configure --store encrypted-file'),
  })
}
