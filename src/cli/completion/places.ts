import type { CompletionCommand, CompletionOption, CompletionSource } from './completion-command.ts'

/**
 * A position in the tree of commands, named by the words that lead to it: `sesame`, `sesame profile list`.
 * All scripts find the place of the cursor by walking the words, and then look up what may stand there.
 */
export interface Place {
  path: string
  /** Words that may come next: subcommands with their summaries, and fixed arguments. */
  words: readonly { name: string; summary: string }[]
  argumentCompletes: CompletionSource | undefined
  options: readonly CompletionOption[]
}

const plainWord = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/**
 * Every place, `sesame` itself first.
 * @throws TypeError for a name that would have to be quoted in a script
 */
export function placesOf(commands: readonly CompletionCommand[]): Place[] {
  const root = { name: 'sesame', summary: '', options: [], subcommands: commands }
  return placesBelow(root, '')
}

/** `sesame login --profile` and the like: every option that takes the next word, in all its spellings. */
export function optionsWithValue(
  places: readonly Place[],
): { option: CompletionOption; spellings: string[] }[] {
  return places.flatMap(({ path, options }) =>
    options
      .filter((option) => option.takesValue)
      .map((option) => ({
        option,
        spellings: [option.name, ...(option.aliases ?? [])].map((name) => `${path} --${name}`),
      })),
  )
}

function placesBelow(command: CompletionCommand, parent: string): Place[] {
  const path = `${parent} ${command.name}`.trimStart()
  const subcommands = command.subcommands ?? []
  const fixed = (command.arguments ?? []).map((name) => ({ name, summary: '' }))
  const place: Place = {
    path,
    words: [...subcommands.map(({ name, summary }) => ({ name, summary })), ...fixed],
    argumentCompletes: command.argumentCompletes,
    options: command.options,
  }
  for (const name of [command.name, ...fixed.map((word) => word.name), ...command.options.flatMap(namesOf)])
    if (!plainWord.test(name)) throw new TypeError(`"${name}" cannot stand in a completion script`)
  return [place, ...subcommands.flatMap((subcommand) => placesBelow(subcommand, path))]
}

function namesOf(option: CompletionOption): string[] {
  return [option.name, ...(option.aliases ?? []), ...(option.values ?? [])]
}
