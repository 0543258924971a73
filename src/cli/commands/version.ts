import { standaloneTarget, version } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const versionCommand: Command = {
  name: 'version',
  summary: 'print the version',
  options: [],
  async run(_input, program) {
    // Scripts read the version alone.
    program.print(`${version}\n`)
    if (standaloneTarget !== undefined)
      program.notify(`Standalone executable for ${standaloneTarget}, Bun ${process.versions.bun}.`)
    return exitCodes.done
  },
}
