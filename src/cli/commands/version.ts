import { standaloneTarget, t, version } from '../../kit/index.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sesame version`: standard output has the version alone, for scripts; which build it is goes to standard error, or both into JSON. */
export const versionCommand: Command = {
  name: 'version',
  summary: 'print the version, and which build this is',
  options: [
    { name: 'json', summary: 'as JSON: {"version","build","target","runtime","runtimeVersion","platform"}' },
  ],
  examples: ['sesame version', 'sesame version --json'],
  async run(input, { edges, print, notify }) {
    const { bun, node } = process.versions
    const [runtime, runtimeVersion] =
      bun === undefined ? (['Node.js', node] as const) : (['Bun', bun] as const)
    const platform = `${edges.platform} ${process.arch}`
    if (input.has('json')) {
      const build = standaloneTarget === undefined ? 'npm' : 'standalone'
      print(
        `${JSON.stringify({ version, build, target: standaloneTarget, runtime, runtimeVersion, platform })}\n`,
      )
      return exitCodes.done
    }
    print(`${version}\n`)
    const build =
      standaloneTarget === undefined
        ? t('npm package')
        : t('Standalone executable for {target}', { target: standaloneTarget })
    notify(`${build}, ${runtime} ${runtimeVersion}.`)
    return exitCodes.done
  },
}
