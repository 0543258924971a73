import { type FixedText, shownText, t, version } from '../kit/index.ts'
import { padText, textWidth, wrapText } from '../terminal/index.ts'
import type { Command, OptionSpec } from './command.ts'
import { environmentVariables } from './environment-variables.ts'

const pageWidth = 80

/** What sesame is, in a line. */
export const purpose = 'sign in to the cloud once, have valid credentials all day'

/** How to begin, under a title each. */
export const firstSteps = [
  [
    'First steps:',
    [
      'sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/your-directory/login',
      'sesame login --profile dev',
      'eval "$(sesame login --env)"',
    ],
  ],
  [
    'Or at an OIDC provider:',
    ['sesame configure --profile corp --issuer https://id.example.com --client-id sesame'],
  ],
] as const

/** The overview: every command with its summary. */
export function formatOverview(commands: readonly Command[]): string {
  const steps = firstSteps.map(
    ([title, lines]) => `${t(title)}\n${lines.map((line) => `  ${line}`).join('\n')}`,
  )
  const environment = wrapText(
    t('Environment: {names}', { names: environmentOverview().join(', ') }),
    pageWidth,
  )
  return `${t('sesame {version}: sign in to the cloud once, have valid credentials all day.', { version })}

${usageOf('COMMAND [OPTIONS]')}

${t('Commands:')}
${columns(commands.map(({ name, summary }) => [name, shownText(summary)]))}

${steps.join('\n')}

${t('"sesame help COMMAND" explains one command.')}
${environment.join('\n')}
`
}

function environmentOverview(): string[] {
  return environmentVariables.flatMap(({ names, overview }) =>
    overview === undefined ? [] : names.map((name) => (overview === true ? name : `${name}=${overview}`)),
  )
}

/** The page of one command. */
export function formatHelp(command: Command, path: string): string {
  const summary = wrapText(sentence(shownText(command.summary)), pageWidth).join('\n')
  const sections = [summary, usageOf(usageWords(command, path))]
  const { subcommands = [], options, examples = [] } = command
  if (subcommands.length > 0) {
    const rows = subcommands.map(({ name, summary: what }) => [name, shownText(what)] as const)
    sections.push(`${t('Subcommands:')}\n${columns(rows)}`)
  }
  for (const [heading, specs] of inGroups(options)) {
    const colon = heading === 'Options' ? t('Options:') : t('{heading}:', { heading: t(heading) })
    sections.push(`${colon}\n${columns(specs.map((spec) => [spelling(spec), explanation(spec)]))}`)
  }
  if (examples.length > 0)
    sections.push(`${t('Examples:')}\n${examples.map((example) => `  ${example}`).join('\n')}`)
  return `${sections.join('\n\n')}\n`
}

/** In the order in which the headings first occur. */
export function inGroups(options: readonly OptionSpec[]): Map<FixedText, OptionSpec[]> {
  const groups = new Map<FixedText, OptionSpec[]>()
  for (const spec of options) {
    const heading = spec.group ?? 'Options'
    groups.set(heading, [...(groups.get(heading) ?? []), spec])
  }
  return groups
}

/** How the command is called, without the name of the program. */
export function usageWords({ usage, options, subcommands }: Command, path: string): string {
  const words = [
    subcommands === undefined ? undefined : '[SUBCOMMAND]',
    usage,
    options.length > 0 ? '[OPTIONS]' : undefined,
  ]
  return [path, ...words].filter(Boolean).join(' ')
}

function usageOf(words: string): string {
  return t('Usage: {line}', { line: `sesame ${words}` })
}

function spelling({ name, value }: OptionSpec): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}

export function explanation({ summary: declared, aliases = [] }: OptionSpec): string {
  const summary = shownText(declared)
  if (aliases.length === 0) return summary
  return t('{summary}; also --{names}', { summary, names: aliases.join(', --') })
}

/** Two columns within the width of a common terminal; the right one is wrapped. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => textWidth(left)))
  const indent = ' '.repeat(width + 4)
  return rows
    .map(
      ([left, right]) =>
        `  ${padText(left, width)}  ${wrapText(right, pageWidth - indent.length).join(`\n${indent}`)}`,
    )
    .join('\n')
}

/** A summary has no capital and no full stop of its own. */
export function sentence(text: string): string {
  return t('{text}.', { text: text.charAt(0).toUpperCase() + text.slice(1) })
}
