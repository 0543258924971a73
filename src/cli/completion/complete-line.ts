import type { Edges } from '../../terminal/index.ts'
import { loadAllCommands, loadCommand } from '../commands.ts'

/**
 * Answers `complete -C acs-sso acs-sso`, the completion that acs-sso has its users install: bash then runs the program
 * with the line in COMP_LINE and takes each line of the answer for a candidate. Undefined when bash did not ask.
 */
export async function completeLine({ argv, env }: Edges): Promise<string | undefined> {
  const line = lineToComplete(argv, env)
  if (line === undefined) return undefined
  const [name = '', ...words] = line.split(/\s+/).slice(1)
  const candidates = words.length === 0 ? await commandWords() : await wordsAfter(name, words.length === 1)
  const typed = words.at(-1) ?? name
  return candidates
    .filter((candidate) => candidate.startsWith(typed))
    .map((candidate) => `${candidate}\n`)
    .join('')
}

/**
 * The line up to the cursor, if it is bash that asks: it gives the command, the current word and the word before it, as they stand
 * in the line. With anything else the variables were left over in the environment, and the words are a command to run.
 */
function lineToComplete(argv: Edges['argv'], env: Edges['env']): string | undefined {
  const { COMP_LINE = '', COMP_POINT = '' } = env
  if (argv.length !== 3 || !/^\d+$/.test(COMP_POINT)) return undefined
  const [command = '', current = '', previous = ''] = argv
  const line = Buffer.from(COMP_LINE).subarray(0, Number(COMP_POINT)).toString().trimStart()
  if (!line.startsWith(`${command} `) || !line.endsWith(current)) return undefined
  return line
    .slice(0, line.length - current.length)
    .trimEnd()
    .endsWith(previous)
    ? line
    : undefined
}

async function commandWords(): Promise<string[]> {
  return (await loadAllCommands()).map(({ name }) => name)
}

async function wordsAfter(name: string, first: boolean): Promise<string[]> {
  const command = await loadCommand(name)
  if (command === undefined) return []
  const { subcommands = [], options, arguments: fixed = [] } = command
  const next = first ? [...subcommands.map((each) => each.name), ...fixed] : []
  return [...next, ...options.map((option) => `--${option.name}`)]
}
