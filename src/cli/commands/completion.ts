import { SesameError, t } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { completionScripts } from '../completion/scripts.ts'
import { exitCodes } from '../exit-codes.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

/** `sesame completion SHELL` prints a script; `--profiles`, which the scripts of 0.1.0 call, prints profile names. */
export const completionCommand: Command = {
  name: 'completion',
  summary: 'print a completion script for a shell',
  usage: '[SHELL]',
  maxPositionals: 1,
  options: [{ name: 'profiles', summary: 'print the names of all profiles, one per line' }],
  arguments: shells,
  examples: [
    'eval "$(sesame completion bash)"',
    'sesame completion fish > ~/.config/fish/completions/sesame.fish',
  ],
  async run(input, { session, edges, print }) {
    if (input.has('profiles')) {
      print([...session.readConfig().profiles.keys()].map((name) => `${name}\n`).join(''))
      return exitCodes.done
    }
    // Without a word, the user's shell, as acs-sso does.
    const wanted = input.positionals[0] ?? edges.env.SHELL?.split('/').at(-1)
    const shell = shells.find((each) => each === wanted)
    if (shell === undefined) {
      throw new SesameError('ERR_USAGE', t('Name a shell: {names}.', { names: shells.join(', ') }), {
        hint: t('For example: {command}', { command: 'sesame completion bash' }),
      })
    }
    print(completionScripts[shell])
    return exitCodes.done
  },
}
