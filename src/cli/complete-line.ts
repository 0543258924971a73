import { loadAllCommands, loadCommand } from './commands.ts'
import type { Edges } from './edges.ts'

/**
 * Answers `complete -C acs-sso acs-sso`, the completion that acs-sso told people to install: bash then runs the program
 * with the line in COMP_LINE and takes each line of the answer for a candidate. Undefined when bash did not ask.
 */
export async function completeLine({ argv, env }: Edges): Promise<string | undefined> {
  // bash gives the command, the word and the word before it; anything else is a run of its own.
  if (env.COMP_LINE === undefined || env.COMP_POINT === undefined || argv.length !== 3) return undefined
  const line = Buffer.from(env.COMP_LINE).subarray(0, Number(env.COMP_POINT)).toString()
  const [name = '', ...words] = line.trimStart().split(/\s+/).slice(1)
  const candidates = words.length === 0 ? await commandWords() : await wordsAfter(name, words.length === 1)
  const typed = words.at(-1) ?? name
  return candidates
    .filter((candidate) => candidate.startsWith(typed))
    .map((candidate) => `${candidate}\n`)
    .join('')
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
