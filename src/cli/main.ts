import { compose, type Handover, loadScrub, type Program } from '../compose/index.ts'
import { release } from '../files/index.ts'
import { isSesameError, printable, printableLines, SesameError, t } from '../kit/index.ts'
import {
  type Edges,
  ignoreInspectorSignal,
  type Scrub,
  scrubStandardError,
  withoutPerson,
  withScrubbedErrors,
} from '../terminal/index.ts'
import { type Command, type Input, quietOption } from './command.ts'
import { commandNames, loadCommand } from './commands.ts'
import { exitCodes } from './exit-codes.ts'
import {
  forCommand,
  type LeadingOptions,
  parseInput,
  splitAtDashes,
  takeLeadingOptions,
  withDashes,
} from './parse-input.ts'
import { speakLanguageOf } from './speak-language.ts'
import { closest } from './suggest.ts'

/**
 * Runs one command line: words in, exit code out. The only catch-all: every failure becomes at most two lines on
 * stderr and the exit code of `exit-codes.ts`.
 */
export async function main(outside: Edges, handover: Handover = {}): Promise<number> {
  const scrub = await loadScrub()
  const edges = withScrubbedErrors(outside, scrub)
  guardProcess(edges, scrub)
  // Before any other module of the program is loaded.
  await speakLanguageOf(edges)
  let failureOutput = () => ''
  let program: Program | undefined
  let commandPath = ''
  const { interrupted, claimed } = handover
  try {
    if (edges.argv[0] === '__complete') {
      const { completeWords } = await import('./completion/complete-words.ts')
      edges.stdout(await completeWords(edges))
      return exitCodes.done
    }
    if (edges.env.COMP_LINE !== undefined) {
      const { completeLine } = await import('./completion/complete-words.ts')
      const candidates = await completeLine(edges)
      if (candidates !== undefined) {
        edges.stdout(candidates)
        return exitCodes.done
      }
    }
    const leading = takeLeadingOptions(edges.argv)
    const [name, ...words] = commandOf(leading)
    const command = await findCommand(name)
    failureOutput = () => command.failureOutput?.(words) ?? ''
    const [target, path, behind] = descend(command, name, command.translate?.(words) ?? words)
    commandPath = path
    const typed = [...forCommand(leading, target.options), ...behind]
    const rest = target.takesCommandLine && edges.platform === 'win32' ? withDashes(target, typed) : typed
    const [own] = target.takesCommandLine ? splitAtDashes(rest) : [rest]
    if ((leading.help && leading.rest.length > 0) || own.some((word) => word === '--help' || word === '-h')) {
      const { formatHelp } = await import('./help.ts')
      edges.stdout(formatHelp(target, path))
      return exitCodes.done
    }
    const input = parseInput(target, path, rest)
    if (interrupted !== undefined)
      throw new SesameError('ERR_INTERRUPTED', t('Interrupted.'), { cause: interrupted })
    const options = { quiet: input.has(quietOption.name) }
    program = await compose(isUnattended(target, input) ? withoutPerson(edges) : edges, handover, options)
    return await target.run(input, program)
  } catch (error) {
    const output = failureOutput()
    if (output !== '') edges.stdout(output)
    if (program !== undefined) {
      const { recordFailure } = await import('./record-failure.ts')
      await recordFailure(error, { command: commandPath, program })
    }
    return report(error, edges, scrub)
  } finally {
    await program?.settled()
    const unused = claimed?.take()
    if (unused !== undefined) release(unused)
  }
}

/** What holds for every command, however long it waits. */
function guardProcess(edges: Edges, scrub: Scrub): void {
  scrubStandardError(scrub)
  // Not every package looks at NO_COLOR (https://no-color.org), and some prefer FORCE_COLOR to it; all know this.
  if (edges.env.NO_COLOR) process.env.FORCE_COLOR = '0'
  ignoreInspectorSignal(edges.platform)
  // An error in an event handler is a failure like any other: Node would print it as it is.
  process.on('uncaughtException', async (error) => process.exit(await report(error, edges, scrub)))
}

function isUnattended({ unattended = false }: Command, input: Input): boolean {
  return typeof unattended === 'boolean' ? unattended : unattended(input)
}

/** The command and the words behind it; `sesame`, `sesame --help` and `sesame --version` as people try them. */
function commandOf({ profile, help, rest }: LeadingOptions): readonly [string, ...string[]] {
  const [first, ...words] = rest
  if (first === '--version' || first === '-V' || first === '-v') return ['version']
  if (first !== undefined) return [first, ...words]
  if (help || profile.length === 0) return ['help']
  throw new SesameError('ERR_USAGE', t('Missing command.'), { hint: t('See "sesame help".') })
}

async function findCommand(name: string): Promise<Command> {
  const command = await loadCommand(name)
  if (command !== undefined) return command
  const near = closest(name, commandNames)
  throw new SesameError(
    'ERR_USAGE',
    t('"{name}" is not a command of sesame.', { name: printable(name, 40) }),
    {
      hint:
        near === undefined
          ? t('See "sesame help".')
          : t('Did you mean "{command}"? See "sesame help".', { command: `sesame ${near}` }),
    },
  )
}

function descend(
  command: Command,
  name: string,
  words: readonly string[],
): [Command, string, readonly string[]] {
  const [first, ...rest] = words
  const sub = command.subcommands?.find((each) => each.name === first)
  if (sub !== undefined) return [sub, `${name} ${sub.name}`, rest]
  refuseUnknown(command, name, first)
  return [command, name, words]
}

/** A word where only a subcommand can stand is one with a slip in it. */
function refuseUnknown(
  { subcommands, maxPositionals = 0 }: Command,
  name: string,
  word: string | undefined,
): void {
  if (subcommands === undefined || maxPositionals > 0 || word === undefined || word.startsWith('-')) return
  const near = closest(
    word,
    subcommands.map((each) => each.name),
  )
  throw new SesameError(
    'ERR_USAGE',
    t('"{word}" is not a subcommand of {command}.', { word: printable(word, 40), command: name }),
    {
      hint:
        near === undefined
          ? t('See "sesame help {command}".', { command: name })
          : t('Did you mean "{suggestion}"? See "sesame help {command}".', {
              suggestion: `sesame ${name} ${near}`,
              command: name,
            }),
    },
  )
}

async function report(error: unknown, edges: Edges, scrub: Scrub): Promise<number> {
  const { explainError } = await import('./explain-error.ts')
  const { exitCode, lines } = explainError(error, scrub, Boolean(edges.env.DEBUG))
  if (!isSesameError(error, 'ERR_INTERRUPTED')) edges.stderr(printableLines(`sesame: ${lines.join('\n')}\n`))
  return exitCode
}
