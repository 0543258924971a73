import { SesameError, t } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { tokenGetCommand } from './get.ts'
import { tokenInspectCommand } from './inspect.ts'
import { tokenVerifyCommand } from './verify.ts'

const subcommands: readonly Command[] = [tokenGetCommand, tokenInspectCommand, tokenVerifyCommand]

/** `sesame token`: identity tokens (JWT). */
export const tokenCommand: Command = {
  name: 'token',
  summary: 'get identity tokens (JWT), look into them, verify them',
  options: [],
  subcommands,
  examples: subcommands.flatMap(({ examples = [] }) => examples.slice(0, 1)),
  async run() {
    const names = subcommands.map(({ name }) => name)
    throw new SesameError(
      'ERR_USAGE',
      t('Say what to do with a token: {names}.', { names: names.join(', ') }),
      {
        hint: t('See "sesame help token".'),
      },
    )
  },
}
