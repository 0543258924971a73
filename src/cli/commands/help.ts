import { inEnglish, printable, SesameError, t } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { commandNames, loadAllCommands, loadCommand } from '../commands.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatHelp, formatOverview } from '../help.ts'
import { formatManual } from '../manual.ts'

export const helpCommand: Command = {
  name: 'help',
  summary: 'explain sesame, or one command',
  usage: '[COMMAND]',
  maxPositionals: 2,
  options: [{ name: 'man', summary: 'print the man page, sesame(1), for "man -l -"' }],
  arguments: commandNames.filter((name) => name !== 'help'),
  examples: ['sesame help login', 'sesame help token get', 'sesame help --man | man -l -'],
  async run({ positionals: [name, subname], has }, program) {
    if (has('man')) {
      if (name !== undefined)
        throw new SesameError(
          'ERR_USAGE',
          t('The man page is one for all commands: {command}', { command: 'sesame help --man' }),
        )
      // In English, whatever the language of the user who builds or installs it.
      program.print(await inEnglish(async () => formatManual(await loadAllCommands())))
      return exitCodes.done
    }
    if (name === undefined) {
      program.print(formatOverview(await loadAllCommands()))
      return exitCodes.done
    }
    const command = await loadCommand(name)
    const target =
      subname === undefined ? command : command?.subcommands?.find((each) => each.name === subname)
    if (target === undefined) {
      const asked = printable([name, subname].filter(Boolean).join(' '), 40)
      throw new SesameError('ERR_USAGE', t('"{name}" is not a command of sesame.', { name: asked }), {
        hint: t('See "sesame help".'),
      })
    }
    program.print(formatHelp(target, subname === undefined ? name : `${name} ${subname}`))
    return exitCodes.done
  },
}
