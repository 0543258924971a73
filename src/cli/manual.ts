import { releasedOn, shownText, version } from '../kit/index.ts'
import { wrapText } from '../terminal/index.ts'
import type { Command, OptionSpec } from './command.ts'
import { environmentVariables } from './environment-variables.ts'
import { explanation, firstSteps, inGroups, purpose, sentence, usageWords } from './help.ts'

/** What each exit code means. */
const exitStatus: readonly (readonly [string, string])[] = [
  ['0', 'Success.'],
  ['1', 'Failed, or refused by the server.'],
  ['2', 'Wrong usage or configuration.'],
  ['3', 'A person must sign in.'],
  ['4', 'The sign-in was denied, or has expired.'],
  ['5', 'The store cannot be used.'],
  ['6', 'Network or server error.'],
  ['130, 143, 129', 'Interrupted, terminated, hung up.'],
  ['exec', 'The exit code of its child; 127 if there is no such program, 126 if it cannot run.'],
]

const files: readonly (readonly [string, string])[] = [
  [
    '~/.config/sesame/config.json',
    'Profiles: what you configure, and never a secret (Windows: %APPDATA%/sesame).',
  ],
  [
    '~/.local/state/sesame/',
    'What the machine knows: current profile, choices, locks, and the files of the file stores (Windows: %LOCALAPPDATA%/sesame).',
  ],
  ['~/.config/sst/sst.db', 'Revocation list of server-side tokens.'],
]

/**
 * The man page `sesame(1)`, made from the declarations of the commands, as their help is. In English, in the macros of man(7) that
 * groff and mandoc know.
 */
export function formatManual(commands: readonly Command[]): string {
  return `${[
    `.TH SESAME 1 ${releasedOn} "sesame ${version}" "User Commands"`,
    ...['.SH NAME', `sesame \\- ${plain(purpose)}`],
    ...['.SH SYNOPSIS', '.B sesame', '.I COMMAND', '.RI [ OPTIONS ]'],
    ...['.SH DESCRIPTION', ...paragraphs(description)],
    ...['.SH COMMANDS', ...commands.flatMap((command) => sections(command, command.name))],
    '.SH ENVIRONMENT',
    ...environmentVariables.flatMap(({ names, summary }) => item(names.join(', '), sentence(summary))),
    ...['.SH FILES', ...files.flatMap(([name, text]) => item(name, text))],
    ...['.SH EXIT STATUS', ...exitStatus.flatMap(([code, text]) => item(code, text))],
    ...[
      '.SH EXAMPLES',
      ...firstSteps.flatMap(([title, lines]) => ['.PP', plain(title), ...code(lines)]).slice(1),
    ],
    ...['.SH SEE ALSO', '.BR secret\\-tool (1),', '.BR ssh\\-agent (1)', '.PP', ...seeAlso.map(plain)],
  ].join('\n')}\n`
}

const description = [
  'sesame signs a developer in at Alibaba Cloud CloudSSO or at any OpenID Connect provider, exchanges the token for STS ' +
    'credentials, keeps them in the keychain of the system until they expire, and hands them to shells, SDKs and tools.',
  'Standard output carries the result and nothing else; prompts, warnings and errors go to standard error.',
  'The profile of a command is: --profile, else SESAME_PROFILE, else the current one (the last login, or "sesame profile use"), ' +
    'else default. A duration is 90s, 15m, 1h, 1h30m, or a plain number of seconds.',
]

const seeAlso = [
  '"sesame help COMMAND" explains one command.',
  '"sesame doctor" finds problems and names the command that fixes each.',
]

/** The command and its subcommands, each below a heading of its own. */
function sections(command: Command, path: string): string[] {
  const { summary, subcommands = [], options, examples = [] } = command
  return [
    `.SS "sesame ${path}"`,
    plain(sentence(shownText(summary))),
    ...['.PP', `.B ${quoted(`sesame ${usageWords(command, path)}`)}`],
    ...[...inGroups(options)].flatMap(([heading, specs]) => [
      ...(heading === 'Options' ? [] : ['.PP', `${plain(heading)}:`]),
      ...specs.flatMap(option),
    ]),
    ...(examples.length > 0
      ? ['.PP', examples.length > 1 ? 'Examples:' : 'Example:', ...code(examples)]
      : []),
    ...subcommands.flatMap((sub) => sections(sub, `${path} ${sub.name}`)),
  ]
}

function option(spec: OptionSpec): string[] {
  const value = spec.value === undefined ? '' : ` " " ${quoted(spec.value)}`
  return ['.TP', `.BI ${quoted(`--${spec.name}`)}${value}`, plain(sentence(explanation(spec)))]
}

function item(name: string, text: string): string[] {
  return ['.TP', `.B ${quoted(name)}`, plain(text)]
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, i) => (i === 0 ? [plain(text)] : ['.PP', plain(text)]))
}

/** Lines as they are typed. */
function code(lines: readonly string[]): string[] {
  return [
    '.PP',
    '.EX',
    ...lines.flatMap((line) => line.split('\n')).map((line) => guard(`    ${exact(line)}`)),
    '.EE',
  ]
}

/** Text that the formatter fills, in lines that an editor shows whole. */
function plain(text: string): string {
  return wrapText(exact(text, false), 78).map(guard).join('\n')
}

/** A word that a macro takes as one argument. */
const quoted = (text: string) => `"${exact(text).replaceAll('"', '\\(dq')}"`

/** Nothing at the beginning of a line is a request. */
const guard = (line: string) => (/^[.']/.test(line) ? `\\&${line}` : line)

/** The characters themselves: roff has typographic ones for some, and escapes begin with a backslash. */
function exact(text: string, isCode = true): string {
  const escaped = text.replaceAll('\\', '\\(rs')
  const dashed = isCode
    ? escaped.replaceAll('-', '\\-')
    : escaped.replace(/(^|[\s"(=])--?(?=\w)/g, (dashes) => dashes.replaceAll('-', '\\-'))
  return dashed
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(
      /[^\x20-\x7e\n]/gu,
      (char) => `\\[u${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
}
