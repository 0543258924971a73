import { optionsWithValue, type Place } from './places.ts'

/** Loaded with `sesame completion fish | source`, or as `sesame.fish` in a completions directory. */
export function fishCompletion(places: readonly Place[]): string {
  const known = places.map(({ path }) => quote(path)).join(' ')
  const withValue = optionsWithValue(places).flatMap(({ spellings }) => spellings.map(quote))
  return `# fish completion for sesame. Load it with: sesame completion fish | source

# Prints the words that lead to the place of the cursor, and "argument" when an argument stands there already;
# behind --, which belongs to another command, the place is elsewhere.
function __sesame_place
  set -l known ${known}
  set -l with_value ${withValue.join(' ')}
  set -l place sesame
  set -l argument
  set -l expects
  set -l before (commandline -opc)
  set -e before[1]
  for word in $before
    if set -q expects[1]
      set -e expects[1]
      continue
    end
    switch $word
      case --
        echo elsewhere
        return
      case '--*=*'
      case '-*'
        contains -- "$place $word" $with_value; and set expects $word
      case '*'
        if contains -- "$place $word" $known
          set place "$place $word"
        else
          set argument argument
        end
    end
  end
  printf '%s\\n' $place $argument
end

function __sesame_at
  set -l place (__sesame_place)
  test "$place[1]" = "$argv"
end

function __sesame_no_argument_at
  set -l place (__sesame_place)
  test "$place[1]" = "$argv"; and not set -q place[2]
end

function __sesame_profiles
  command sesame completion --profiles 2>/dev/null </dev/null
end

complete -c sesame -e
complete -c sesame -f
complete -c sesame -n '__sesame_at elsewhere' -F
${places.flatMap(completionsOf).join('\n')}
`
}

function completionsOf({ path, words, argumentCompletes, options }: Place): string[] {
  const first = `complete -c sesame -n ${quote(`__sesame_no_argument_at ${path}`)}`
  const anywhere = `complete -c sesame -n ${quote(`__sesame_at ${path}`)}`
  return [
    ...words.map(({ name, summary }) => `${first} -a ${name}${description(summary)}`),
    ...(argumentCompletes === 'profile' ? [`${first} -a '(__sesame_profiles)' -d profile`] : []),
    ...(argumentCompletes === 'file' ? [`${first} -F`] : []),
    ...options.map(
      (option) => `${anywhere} -l ${option.name}${valuePart(option)}${description(option.summary)}`,
    ),
  ]
}

function valuePart(option: Place['options'][number]): string {
  if (!option.takesValue) return ''
  if (option.completes === 'file') return ' -r -F'
  if (option.completes === 'profile') return " -x -a '(__sesame_profiles)'"
  return option.values === undefined ? ' -x' : ` -x -a ${quote(option.values.join(' '))}`
}

function description(summary: string): string {
  return summary === '' ? '' : ` -d ${quote(summary)}`
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
