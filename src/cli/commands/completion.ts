import { SesameError } from '../../kit/index.ts'
import type { Command, OptionSpec } from '../command.ts'
import { loadAllCommands } from '../commands.ts'
import type { CompletionCommand, CompletionOption } from '../completion/completion-command.ts'
import { completionScript } from '../completion/completion-script.ts'
import { exitCodes } from '../exit-codes.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

/** `sesame completion SHELL` prints a script; `--profiles`, which that script calls, prints profile names. */
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

const helpOption: OptionSpec = { name: 'help', summary: 'explain this command' }

function describe(command: Command): CompletionCommand {
  const { name, summary, options, subcommands, argumentCompletes } = command
  return {
    name,
    summary,
    options: [...options, helpOption].map(describeOption),
    ...(subcommands === undefined ? {} : { subcommands: subcommands.map(describe) }),
    ...(command.arguments === undefined ? {} : { arguments: command.arguments }),
    ...(argumentCompletes === undefined ? {} : { argumentCompletes }),
  }
}

function describeOption({ name, aliases, summary, value, values, completes }: OptionSpec): CompletionOption {
  return {
    name,
    summary,
    takesValue: value !== undefined,
    ...(aliases === undefined ? {} : { aliases }),
    ...(values === undefined ? {} : { values }),
    ...(completes === undefined ? {} : { completes }),
  }
}
