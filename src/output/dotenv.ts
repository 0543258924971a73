import { cannotCarry, safeName, t } from '../kit/index.ts'
import { isBareWord } from './shell-syntax.ts'

/** Letters and digits of any script: a profile may be called so, and no reader stumbles over them. */
const letters = /[\p{L}\p{N}]/gu

/**
 * One `NAME=value` line for a file that docker `--env-file`, compose, systemd, Node's `--env-file` and the dotenv
 * libraries read, and that people source. They agree on bare values only: docker keeps quotes as part of the
 * value, compose and python-dotenv replace `$` between quotes, and a bare blank would make a sourcing shell run
 * the rest. So what is not safe bare is refused.
 * @throws SesameError ERR_UNSAFE_OUTPUT
 */
export function dotenvLine(name: string, value: string): string {
  if (!isBareWord(value.replace(letters, 'a')))
    throw cannotCarry(
      'dotenv',
      name,
      t('Use --format env or json; dotenv files have no quotes that all readers know.'),
    )
  return `${safeName(name)}=${value}\n`
}
