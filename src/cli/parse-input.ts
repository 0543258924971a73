import { parseArgs } from 'node:util'
import { errorCode, printable, SesameError, shellWord, t } from '../kit/index.ts'
import type { Command, Input, OptionSpec } from './command.ts'
import { closest } from './suggest.ts'

/** A command line, and what stood before the command in it: other programs take their `--profile` there. */
export interface LeadingOptions {
  /** `--profile NAME` as it was written, to be read as if it stood behind the command. */
  profile: readonly string[]
  help: boolean
  /** From the command on. */
  rest: readonly string[]
}

/** Takes `--profile` and `--help` off the beginning. What else stands there is left to be the command, and not known as one. */
export function takeLeadingOptions(words: readonly string[]): LeadingOptions {
  const profile: string[] = []
  let help = false
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--help' || word === '-h') help = true
    else if (word.startsWith('--profile=')) profile.push(word)
    else if (word === '--profile') profile.push(...words.slice(at, ++at + 1))
    else break
  }
  return { profile, help, rest: words.slice(at) }
}

/** What stood before the command, for a command with these options. One without a profile does the same for all of them. */
export function forCommand({ profile }: LeadingOptions, options: readonly OptionSpec[]): readonly string[] {
  return options.some(({ name }) => name === 'profile') ? profile : []
}

/** The part of a command that its words are held against. */
type Syntax = Pick<Command, 'options' | 'maxPositionals' | 'takesCommandLine'>

/** Parses the words after the command's name. Anything unknown, repeated or superfluous is ERR_USAGE. */
export function parseInput(command: Syntax, path: string, argv: readonly string[]): Input {
  const spellings = new Map(
    command.options.flatMap((spec) => [spec.name, ...(spec.aliases ?? [])].map((name) => [name, spec])),
  )
  const options = Object.fromEntries(
    [...spellings].map(([name, spec]) => [
      name,
      { type: spec.value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const [own, foreign] = command.takesCommandLine ? splitAtDashes(argv) : [argv, []]
  const { tokens, positionals } = readTokens(command, path, own, options)
  const values = new Map<string, (string | true)[]>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const spec = spellings.get(token.name)
    if (spec === undefined) continue
    const former = values.get(spec.name) ?? []
    if (former.length > 0 && !spec.repeatable)
      throw usage(t('{option} is given twice.', { option: `--${spec.name}` }), path)
    values.set(spec.name, [...former, checkValue(spec, token.value, path)])
  }
  if (command.takesCommandLine && positionals.length > 0) {
    throw usage(
      t('Put -- before the command to run: {command}', {
        command: `sesame ${path} -- ${shellWord(printable(positionals[0] ?? '', 40))} …`,
      }),
      path,
    )
  }
  if (positionals.length > (command.maxPositionals ?? 0)) {
    throw usage(
      t('"{word}" is not expected here.', {
        word: printable(positionals[command.maxPositionals ?? 0] ?? '', 40),
      }),
      path,
    )
  }
  return {
    text: (name) => {
      const value = values.get(name)?.[0]
      return typeof value === 'string' ? value : undefined
    },
    all: (name) => (values.get(name) ?? []).filter((value) => typeof value === 'string'),
    has: (name) => values.has(name),
    positionals: command.takesCommandLine ? foreign : positionals,
  }
}

/**
 * PowerShell takes the first `--` of a command line for itself, so on Windows the first word that is no option begins the
 * command of another program: these words with `--` in front of it.
 */
export function withDashes(command: Syntax, argv: readonly string[]): readonly string[] {
  const valued = new Set(
    command.options
      .filter(({ value }) => value !== undefined)
      .flatMap(({ name, aliases = [] }) => [name, ...aliases].map((each) => `--${each}`)),
  )
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '--') return argv
    if (!word.startsWith('-')) return [...argv.slice(0, i), '--', ...argv.slice(i)]
    if (valued.has(word)) i++
  }
  return argv
}

/** Our own words, and those of another program after `--`. */
export function splitAtDashes(argv: readonly string[]): [readonly string[], readonly string[]] {
  const dashes = argv.indexOf('--')
  return dashes < 0 ? [argv, []] : [argv.slice(0, dashes), argv.slice(dashes + 1)]
}

function readTokens(
  command: Syntax,
  path: string,
  argv: readonly string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true, tokens: true })
  } catch (error) {
    if (errorCode(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const unknown = argv.find((word) => word.startsWith('-') && !isKnown(word, options)) ?? ''
      const name = unknown.replace(/=.*$/s, '')
      const near = closest(
        name.replace(/^-+/, ''),
        command.options.map((spec) => spec.name),
      )
      throw usage(
        t('{option} is not an option of "{command}".', { option: printable(name, 40), command: path }),
        path,
        near === undefined ? undefined : `--${near}`,
      )
    }
    if (errorCode(error) === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw usage(valueProblem(error), path)
    if (errorCode(error)?.startsWith('ERR_PARSE_ARGS_')) {
      throw usage(printable(String((error as Error).message).split(/\n|\. /, 1)[0] ?? '', 120), path)
    }
    throw error
  }
}

/** Node says in its own words whether a value is missing or too much; the option is named in quotes. */
function valueProblem(error: unknown): string {
  const { message } = error as Error
  const option = message.match(/--[\w-]+/)?.[0] ?? t('An option')
  return message.includes('does not take an argument')
    ? t('{option} takes no value.', { option })
    : t('{option} needs a value.', { option })
}

function isKnown(word: string, options: Record<string, unknown>): boolean {
  return word.startsWith('--') && Object.hasOwn(options, word.slice(2).replace(/=.*$/s, ''))
}

function checkValue(spec: OptionSpec, value: string | undefined, path: string): string | true {
  if (spec.value === undefined) return true
  if (value === '' && spec.mayBeEmpty) return value
  if (value === undefined || value === '')
    throw usage(t('{option} needs a value.', { option: `--${spec.name}` }), path)
  if (spec.values !== undefined && ![...spec.values, ...(spec.otherValues ?? [])].includes(value)) {
    const near = closest(value, spec.values)
    const names = spec.values.join(', ')
    throw new SesameError(
      'ERR_USAGE',
      t('--{option} cannot be "{value}".', { option: spec.name, value: printable(value, 40) }),
      {
        hint:
          near === undefined
            ? t('It can be {names}.', { names })
            : t('Did you mean {near}? It can be {names}.', { near, names }),
      },
    )
  }
  return value
}

function usage(message: string, path: string, suggestion?: string): SesameError {
  return new SesameError('ERR_USAGE', message, {
    hint:
      suggestion === undefined
        ? t('See "sesame help {command}".', { command: path })
        : t('Did you mean {suggestion}? See "sesame help {command}".', { suggestion, command: path }),
  })
}
