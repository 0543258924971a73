import { SesameError } from '../../errors.ts'
import type { Command } from '../command.ts'
import { loadAllCommands } from '../commands.ts'
import { type CompletionCommand, completionScript } from '../completion/index.ts'
import { exitCodes } from '../exit-codes.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

/** `sesame completion SHELL` prints a script; `--profiles`, which that script calls, prints profile names. */
export const completionCommand: Command = {
  name: 'completion',
  summary: 'print a completion script for a shell',
  usage: 'SHELL',
  maxPositionals: 1,
  options: [{ name: 'profiles', summary: 'print the names of all profiles, one per line' }],
  arguments: shells,
  examples: [
    'source <(sesame completion bash)',
    'sesame completion fish > ~/.config/fish/completions/sesame.fish',
  ],
  async run(input, { session, edges, print }) {
    if (input.has('profiles')) {
      print([...session.readConfig().profiles.keys()].map((name) => `${name}\n`).join(''))
      return exitCodes.done
    }
    // Without a word, the shell one is in, as acs-sso does.
    const wanted = input.positionals[0] ?? edges.env.SHELL?.split('/').at(-1)
    const shell = shells.find((each) => each === wanted)
    if (shell === undefined) {
      throw new SesameError('ERR_USAGE', `Name a shell: ${shells.join(', ')}.`, {
        hint: 'For example: sesame completion bash',
      })
    }
    print(completionScript(shell, (await loadAllCommands()).map(describe)))
    return exitCodes.done
  },
}

function describe(command: Command): CompletionCommand {
  return {
    name: command.name,
    summary: command.summary,
    options: command.options.map(({ name, summary, value, values, completes }) => ({
      name,
      summary,
      takesValue: value !== undefined,
      ...(values === undefined ? {} : { values }),
      ...(completes === undefined ? {} : { completes }),
    })),
    ...(command.subcommands === undefined ? {} : { subcommands: command.subcommands.map(describe) }),
    ...(command.arguments === undefined ? {} : { arguments: command.arguments }),
  }
}
