import { SesameError, t } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { hookShells, hookSnippet } from '../hook/hook-snippet.ts'

/** `sesame hook SHELL`: a snippet for the start-up file of a shell, which then has profile and credentials of its own, kept fresh. */
export const hookCommand: Command = {
  name: 'hook',
  summary: 'print a snippet for a shell: its credentials stay fresh, "use" and "login" change it alone',
  usage: '[SHELL]',
  maxPositionals: 1,
  options: [],
  arguments: hookShells,
  examples: [
    'eval "$(sesame hook bash)"',
    'eval "$(sesame hook zsh)"',
    'sesame hook fish | source',
    'sesame hook powershell | Out-String | Invoke-Expression',
  ],
  async run(input, { edges, print }) {
    // Without a word, the shell one is in, as completion does.
    const wanted = input.positionals[0] ?? edges.env.SHELL?.split('/').at(-1)
    const shell = hookShells.find((each) => each === wanted)
    if (shell === undefined) {
      throw new SesameError('ERR_USAGE', t('Name a shell: {names}.', { names: hookShells.join(', ') }), {
        hint: t('For example: {command}', { command: 'sesame hook bash' }),
      })
    }
    print(hookSnippet(shell))
    return exitCodes.done
  },
}
