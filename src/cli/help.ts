import { version } from '../kit/index.ts'
import { padText, textWidth, wrapText } from '../terminal/index.ts'
import type { Command, OptionSpec } from './command.ts'

const pageWidth = 80

/** The overview: every command with its summary. */
export function formatOverview(commands: readonly Command[]): string {
  return `sesame ${version}: sign in to the cloud once, have valid credentials all day.

Usage: sesame COMMAND [OPTIONS]

Commands:
${columns(commands.map(({ name, summary }) => [name, summary]))}

First steps:
  sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/your-directory/login
  sesame login --profile dev
  eval "$(sesame login --env)"
Or at an OIDC provider:
  sesame configure --profile corp --issuer https://id.example.com --client-id sesame

"sesame help COMMAND" explains one command.
Environment: SESAME_PROFILE, SESAME_STORE, SESAME_PASSPHRASE, SESAME_CONFIG_DIR,
SESAME_STATE_DIR, SESAME_CA_FILE, SESAME_REDIS_URL, HTTPS_PROXY, NO_PROXY,
BROWSER, NO_COLOR, DEBUG=sesame:*
`
}

/** The page of one command. */
export function formatHelp(command: Command, path: string): string {
  const summary = wrapText(`${capital(command.summary)}.`, pageWidth).join('\n')
  const sections = [summary, usageLine(command, path)]
  const { subcommands = [], options, examples = [] } = command
  if (subcommands.length > 0) {
    sections.push(`Subcommands:\n${columns(subcommands.map(({ name, summary }) => [name, summary]))}`)
  }
  for (const [heading, specs] of inGroups(options))
    sections.push(`${heading}:\n${columns(specs.map((spec) => [spelling(spec), explanation(spec)]))}`)
  if (examples.length > 0) sections.push(`Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
  return `${sections.join('\n\n')}\n`
}

/** In the order in which the headings first occur. */
function inGroups(options: readonly OptionSpec[]): Map<string, OptionSpec[]> {
  const groups = new Map<string, OptionSpec[]>()
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
  return `Usage: ${['sesame', path, ...words].filter(Boolean).join(' ')}`
}

function spelling({ name, value }: OptionSpec): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}

function explanation({ summary, aliases = [] }: OptionSpec): string {
  return aliases.length === 0 ? summary : `${summary}; also --${aliases.join(', --')}`
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
