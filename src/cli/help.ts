import { type FixedText, shownText, t, version } from '../kit/index.ts'
import { padText, textWidth, wrapText } from '../terminal/index.ts'
import type { Command, OptionSpec } from './command.ts'

const pageWidth = 80

/** The overview: every command with its summary. */
export function formatOverview(commands: readonly Command[]): string {
  const environment = wrapText(t('Environment: {names}', { names: variables.join(', ') }), pageWidth)
  return `${t('sesame {version}: sign in to the cloud once, have valid credentials all day.', { version })}

${usageOf('COMMAND [OPTIONS]')}

${t('Commands:')}
${columns(commands.map(({ name, summary }) => [name, shownText(summary)]))}

${t('First steps:')}
  sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/your-directory/login
  sesame login --profile dev
  eval "$(sesame login --env)"
${t('Or at an OIDC provider:')}
  sesame configure --profile corp --issuer https://id.example.com --client-id sesame

${t('"sesame help COMMAND" explains one command.')}
${environment.join('\n')}
`
}

const variables = [
  ...['SESAME_PROFILE', 'SESAME_STORE', 'SESAME_PASSPHRASE', 'SESAME_CONFIG_DIR', 'SESAME_STATE_DIR'],
  ...['SESAME_LANGUAGE', 'SESAME_CA_FILE', 'SESAME_REDIS_URL', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['BROWSER', 'NO_COLOR', 'DEBUG=sesame:*'],
]

/** The page of one command. */
export function formatHelp(command: Command, path: string): string {
  const summary = wrapText(sentence(shownText(command.summary)), pageWidth).join('\n')
  const sections = [summary, usageLine(command, path)]
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
function inGroups(options: readonly OptionSpec[]): Map<FixedText, OptionSpec[]> {
  const groups = new Map<FixedText, OptionSpec[]>()
  for (const spec of options) {
    const heading = spec.group ?? 'Options'
    groups.set(heading, [...(groups.get(heading) ?? []), spec])
  }
  return groups
}

function usageLine({ usage, options, subcommands }: Command, path: string): string {
  const words = [
    subcommands === undefined ? undefined : '[SUBCOMMAND]',
    usage,
    options.length > 0 ? '[OPTIONS]' : undefined,
  ]
  return usageOf([path, ...words].filter(Boolean).join(' '))
}

function usageOf(words: string): string {
  return t('Usage: {line}', { line: `sesame ${words}` })
}

function spelling({ name, value }: OptionSpec): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}

function explanation({ summary: declared, aliases = [] }: OptionSpec): string {
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
function sentence(text: string): string {
  return t('{text}.', { text: text.charAt(0).toUpperCase() + text.slice(1) })
}
