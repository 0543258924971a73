import { standaloneTarget, version } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const versionCommand: Command = {
  name: 'version',
  summary: 'print the version',
  options: [],
  async run(_input, program) {
    const build = standaloneTarget === undefined ? '' : ` (standalone, ${standaloneTarget})`
    program.print(`${version}${build}\n`)
    return exitCodes.done
  },
}
