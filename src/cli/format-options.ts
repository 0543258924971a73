import { SesameError, shellWordsOf, t } from '../kit/index.ts'
import { type Format, formats, isShellFormat, type ShellFormat } from '../output/index.ts'
import type { Edges } from '../terminal/index.ts'
import type { Input, OptionSpec } from './command.ts'

/** How the result is written: `--format F`, and `--env` as acs-sso spells `--format env`. */
export const formatOptions: readonly OptionSpec[] = [
  {
    name: 'format',
    value: 'FORMAT',
    summary: () => t('one of {formats} (default json)', { formats: formats.join(', ') }),
    values: formats,
  },
  { name: 'env', summary: 'the same as --format env' },
]

/** What the shell hook adds to a login. */
export const thisShellOption: OptionSpec = {
  name: 'this-shell',
  summary: 'with --env: only for the shell that evaluates it; the current profile stays',
}

/** Where the outcome of a login is shown. */
export interface HowShown {
  /** On standard error, for the user. */
  showsCard: boolean
  /** On standard output. */
  showsResult: boolean
  /** The shell that called evaluates the result. */
  inShell: boolean
}

/** On a terminal a login shows a card and no secrets, unless they are asked for; a program gets them. */
export function howShown(input: Input, { isTerminal }: Pick<Edges, 'isTerminal'>): HowShown {
  const inShell = input.has(thisShellOption.name)
  if (inShell && !isShellFormat(chooseFormat(input)))
    throw new SesameError(
      'ERR_USAGE',
      t('--this-shell goes with a format that a shell evaluates, such as --env.'),
    )
  const isAsked = input.has('format') || input.has('env')
  const showsCard = inShell || (!isAsked && isTerminal(1))
  return { showsCard, showsResult: inShell || !showsCard, inShell }
}

/** The format that was asked for; `--env` beside another `--format` is ERR_USAGE. */
export function chooseFormat(input: Input): Format {
  const named = formats.find((format) => format === input.text('format'))
  if (!input.has('env')) return named ?? 'json'
  if (named === undefined || named === 'env') return 'env'
  throw new SesameError(
    'ERR_USAGE',
    t('{option} and {other} contradict each other.', { option: '--env', other: `--format ${named}` }),
  )
}

/**
 * The shell whose user is about to evaluate the output, read leniently: it is needed even when the words cannot be
 * parsed, or name two formats.
 */
export function shellFormatInArgv(argv: readonly string[]): ShellFormat | undefined {
  for (const [i, word] of argv.entries()) {
    if (/^--env(?:=|$)/.test(word)) return 'env'
    const value = word === '--format' ? argv[i + 1] : word.match(/^--format=(.*)$/s)?.[1]
    const format = formats.find((each) => each === value)
    if (format !== undefined && isShellFormat(format)) return format
  }
  return undefined
}

/** Says so on stderr when secrets have just been printed to a terminal and not to a program. */
export function warnOfSecretsOnScreen({ isTerminal, stderr, env, platform }: Edges): void {
  if (!isTerminal(1)) return
  const command = shellWordsOf(env, platform).evaluateLogin('')
  const warning = t('Warning: credentials were printed to the terminal. Use {command} or sesame exec.', {
    command,
  })
  stderr(`${warning}\n`)
}
