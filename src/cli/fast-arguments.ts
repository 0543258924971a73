import { type Input, type OptionSpec, profileOption, quietOption, tokenOptions } from './command.ts'
import { formatOptions, thisShellOption } from './format-options.ts'
import { takeLeadingOptions } from './leading-options.ts'

/** A command that the cached path may answer. */
export interface PlainCommand {
  name: 'login' | 'credentials' | 'token get' | 'exec'
  input: Input
}

const byName = (specs: readonly OptionSpec[]) => new Map(specs.map((spec) => [`--${spec.name}`, spec]))

/** The options of each command that the cached path reads by itself. */
const options = {
  login: byName([profileOption, ...formatOptions, thisShellOption]),
  credentials: byName([profileOption, ...formatOptions, quietOption]),
  'token get': byName([profileOption, ...tokenOptions]),
  exec: byName([profileOption]),
}

/**
 * Reads the plain spellings that shells and programs use all day (`login --profile dev --env`). Undefined for anything else,
 * right or wrong: then the real parser judges it. Here every part of a millisecond counts.
 */
export function readPlainWords(argv: readonly string[]): PlainCommand | undefined {
  const { profile, help, rest } = takeLeadingOptions(argv)
  const isToken = rest[0] === 'token' && rest[1] === 'get'
  const name = isToken ? 'token get' : rest[0]
  if (help || name === undefined || !isAnsweredHere(name)) return undefined
  const behind = rest.slice(isToken ? 2 : 1)
  // Behind it is the command line of another program.
  const dashes = name === 'exec' ? behind.indexOf('--') : -1
  const words = [...profile, ...(dashes < 0 ? behind : behind.slice(0, dashes))]
  const values = new Map<string, string>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const spec = options[name].get(word)
    if (spec === undefined || values.has(word)) return undefined
    const value = spec.value === undefined ? '' : words[++i]
    if (value === undefined || !isPlain(spec, value)) return undefined
    values.set(word, value)
  }
  const input: Input = {
    text: (option) => values.get(`--${option}`),
    all: () => [],
    has: (option) => values.has(`--${option}`),
    positionals: dashes < 0 ? [] : behind.slice(dashes + 1),
  }
  return { name, input }
}

function isAnsweredHere(name: string): name is PlainCommand['name'] {
  return Object.hasOwn(options, name)
}

function isPlain({ value: placeholder, values }: OptionSpec, value: string): boolean {
  if (placeholder === undefined) return true
  return value !== '' && !value.startsWith('-') && (values === undefined || values.includes(value))
}
