import { printable, SesameError } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { commandNames, loadAllCommands, loadCommand } from '../commands.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatHelp, formatOverview } from '../help.ts'

export const helpCommand: Command = {
  name: 'help',
  summary: 'explain sesame, or one command',
  usage: '[COMMAND]',
  maxPositionals: 2,
  options: [],
  arguments: commandNames.filter((name) => name !== 'help'),
  async run({ positionals: [name, subname] }, program) {
    if (name === undefined) {
      program.print(formatOverview(await loadAllCommands()))
      return exitCodes.done
    }
    const command = await loadCommand(name)
    const target =
      subname === undefined ? command : command?.subcommands?.find((each) => each.name === subname)
    if (target === undefined) {
      const asked = printable([name, subname].filter(Boolean).join(' '), 40)
      throw new SesameError('ERR_USAGE', `"${asked}" is not a command of sesame.`, {
        hint: 'See "sesame help".',
      })
    }
    program.print(formatHelp(target, subname === undefined ? name : `${name} ${subname}`))
    return exitCodes.done
  },
}
