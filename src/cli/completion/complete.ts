import { shownText } from '../../kit/index.ts'
import { type Command, type OptionSpec, profileOption } from '../command.ts'

/** What of a command completion reads. */
export type CompletedCommand = Pick<
  Command,
  'name' | 'summary' | 'options' | 'arguments' | 'argumentCompletes'
> & { subcommands?: readonly CompletedCommand[] }

/** What may stand at the cursor. */
export interface Completion {
  /** Whole words, not yet compared with what is typed. */
  words: { name: string; summary: string }[]
  /** True where files may stand. */
  files: boolean
  /** Where the command line of another program begins, as an index into the words; that program completes it. */
  commandFrom?: number
}

/**
 * Completes the last of the words, which are those behind `sesame` as the program would get them. A word `--option=…` is
 * completed to words that begin with `--option=`. `profileNames` is called where names of profiles may stand.
 */
export function complete(
  words: readonly string[],
  commands: readonly CompletedCommand[],
  profileNames: () => readonly string[],
): Completion {
  const before = words.slice(0, -1)
  const current = words.at(-1) ?? ''
  const { command, given, expects, hasArgument, commandFrom } = walk(before, commands)
  if (commandFrom !== undefined) return { ...nothing, commandFrom }
  if (expects !== undefined) return valuesOf(expects, profileNames)
  const equals = current.indexOf('=')
  if (current.startsWith('--') && equals > 0) {
    const lead = current.slice(0, equals + 1)
    const option = optionOf(command, current.slice(0, equals))
    if (option?.value === undefined) return nothing
    const { words: values, files } = valuesOf(option, profileNames)
    return { words: values.map(({ name, summary }) => ({ name: lead + name, summary })), files }
  }
  const argument = hasArgument ? nothing : argumentsOf(command, profileNames)
  const takesArgument = argument.files || command.argumentCompletes !== undefined || argument.words.length > 0
  if (!current.startsWith('-') && (current !== '' || (takesArgument && !hasArgument))) return argument
  const options = command.options.filter(({ name }) => !given.has(`--${name}`))
  return {
    words: options.map(({ name, summary }) => ({ name: `--${name}`, summary: shownText(summary) })),
    files: false,
  }
}

const nothing: Completion = { words: [], files: false }

interface Place {
  command: CompletedCommand
  /** Options that were given already, as `--name`. */
  given: ReadonlySet<string>
  /** The option whose value comes next. */
  expects: OptionSpec | undefined
  hasArgument: boolean
  commandFrom: number | undefined
}

/** Options that may stand before the command. */
const beforeCommand: readonly OptionSpec[] = [
  { ...profileOption, summary: 'the profile that the command works on' },
  { name: 'help', summary: 'explain the command' },
]

const unknownCommand: CompletedCommand = { name: '', summary: () => '', options: [] }

/** Where the words before the cursor lead. */
function walk(words: readonly string[], commands: readonly CompletedCommand[]): Place {
  const program: CompletedCommand = {
    name: '',
    summary: () => '',
    options: beforeCommand,
    subcommands: commands,
  }
  let command = program
  let expects: OptionSpec | undefined
  let hasArgument = false
  const given = new Set<string>()
  for (const [index, word] of words.entries()) {
    if (expects !== undefined) expects = undefined
    else if (word === '--') return { command, given, expects, hasArgument, commandFrom: index + 1 }
    else if (word.startsWith('-')) {
      const name = word.split('=', 1)[0] ?? ''
      given.add(name)
      const option = optionOf(command, name)
      if (option?.value !== undefined && name === word) expects = option
    } else {
      const next = command.subcommands?.find(({ name }) => name === word)
      if (next !== undefined) command = next
      else if (command === program) command = unknownCommand
      else hasArgument = true
    }
  }
  return { command, given, expects, hasArgument, commandFrom: undefined }
}

/** The option of a word such as `--account-id`, in any of its spellings. */
function optionOf(command: CompletedCommand, word: string): OptionSpec | undefined {
  return command.options.find(({ name, aliases = [] }) =>
    [name, ...aliases].some((spelling) => word === `--${spelling}`),
  )
}

function valuesOf({ values = [], completes }: OptionSpec, profileNames: () => readonly string[]): Completion {
  const words = completes === 'profile' ? profileNames().map(asProfile) : values.map(asWord)
  return { words, files: completes === 'file' }
}

function argumentsOf(command: CompletedCommand, profileNames: () => readonly string[]): Completion {
  const { subcommands = [], argumentCompletes } = command
  const profiles = argumentCompletes === 'profile' ? profileNames() : []
  return {
    words: [
      ...subcommands.map(({ name, summary }) => ({ name, summary: shownText(summary) })),
      ...(command.arguments ?? []).map(asWord),
      ...profiles.map(asProfile),
    ],
    files: argumentCompletes === 'file',
  }
}

const asWord = (name: string) => ({ name, summary: '' })
const asProfile = (name: string) => ({ name, summary: 'profile' })

/**
 * What the scripts of the shells read: a line `words`, `files` or `command N`, then a line for each word, with a tab before its
 * summary. Words are text for the shell to quote.
 */
export function formatCompletion({ words, files, commandFrom }: Completion): string {
  const kind = commandFrom === undefined ? (files ? 'files' : 'words') : `command ${commandFrom}`
  const lines = words.map(({ name, summary }) => (summary === '' ? name : `${name}\t${summary}`))
  return `${[kind, ...lines].join('\n')}\n`
}
