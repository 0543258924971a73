import { isSesameError } from '../../kit/index.ts'
import { findPlace, readKnowledge, rememberedConfig } from '../../profiles/index.ts'
import type { Edges } from '../../terminal/index.ts'
import { loadAllCommands, loadCommand } from '../commands.ts'
import { takeLeadingOptions } from '../parse-input.ts'
import { type CompletedCommand, complete, formatCompletion } from './complete.ts'

/**
 * Answers the hidden command that the scripts call at each TAB, `sesame __complete COUNT WORD…`. COUNT is the number of the words; older shells of Windows do not pass an empty word
 * on, so one that is missing is the empty word at the cursor.
 */
export async function completeWords({ argv, ...edges }: Edges): Promise<string> {
  const [, count, ...words] = argv
  const all = words.length < Number(count) ? [...words, ''] : words
  const commands = await commandsFor(all)
  return formatCompletion(complete(all, commands.map(withHelp), () => profileNames(edges)))
}

/**
 * Answers `complete -C acs-sso acs-sso`, the completion that acs-sso has its users install: bash then runs the program
 * with the line in COMP_LINE and takes each line of the answer for a candidate. Undefined when bash did not ask.
 */
export async function completeLine({ argv, ...edges }: Edges): Promise<string | undefined> {
  const line = lineToComplete(argv, edges.env)
  if (line === undefined) return undefined
  const words = line.split(/\s+/).slice(1)
  const typed = words.at(-1) ?? ''
  // bash would put the answer behind the equals sign.
  if (typed.includes('=')) return ''
  const found = complete(words, await commandsFor(words), () => profileNames(edges))
  return found.words
    .filter(({ name }) => name.startsWith(typed))
    .map(({ name }) => `${name}\n`)
    .join('')
}

/** Loads no more commands than the words name: loading all of them takes half of the time. */
async function commandsFor(words: readonly string[]): Promise<CompletedCommand[]> {
  const [name = '', ...more] = takeLeadingOptions(words).rest
  if (more.length === 0) return loadAllCommands()
  const command = await loadCommand(name)
  return command === undefined ? [] : [command]
}

/** Every command has this option, which `main` answers. */
function withHelp(command: CompletedCommand): CompletedCommand {
  const { options, subcommands } = command
  return {
    ...command,
    options: [...options, { name: 'help', summary: 'explain this command' }],
    ...(subcommands && { subcommands: subcommands.map(withHelp) }),
  }
}

/** None when the configuration cannot be read: a line that is being typed is no place for a message. */
function profileNames(edges: Omit<Edges, 'argv'>): string[] {
  try {
    return [...rememberedConfig(readKnowledge(findPlace(edges), () => undefined)).profiles.keys()]
  } catch (error) {
    if (!isSesameError(error)) throw error
    return []
  }
}

/**
 * The line up to the cursor, if it is bash that calls: it gives the command, the current word and the word before it, as they
 * stand in the line. With anything else the variables were left over in the environment, and the words are a command to run.
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
