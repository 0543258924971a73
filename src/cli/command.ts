import type { Program } from '../compose/index.ts'
import { type DeclaredText, type FixedText, SesameError, t } from '../kit/index.ts'
import { chooseProfileName } from '../profiles/index.ts'

/** One option of a command, as help, parser and completion read it. */
export interface OptionSpec {
  /** Long name without dashes. */
  name: string
  /** Other accepted spellings, such as acs-sso's. */
  aliases?: readonly string[]
  /** Placeholder of the value; an option without one is a switch. */
  value?: string
  summary: DeclaredText
  /** Heading of the help page under which it stands. */
  group?: FixedText
  /** An empty value has a meaning: it takes a setting away. */
  mayBeEmpty?: boolean
  /** The only accepted values. */
  values?: readonly string[]
  /** Other spellings of them, accepted but not shown. */
  otherValues?: readonly string[]
  completes?: 'profile' | 'file'
  /** May be given several times; `Input.all` has every value. */
  repeatable?: boolean
}

/** What a command was called with. */
export interface Input {
  /** Text of an option with a value; undefined when it was not given. */
  text(name: string): string | undefined
  /** Every value of an option that may be repeated, in order; empty when it was not given. */
  all(name: string): readonly string[]
  has(name: string): boolean
  positionals: readonly string[]
}

/** A command declared as data; help, completion and the parser are made from it. */
export interface Command {
  name: string
  summary: DeclaredText
  /** The words after the name in the usage line, such as `[COMMAND]`. */
  usage?: string
  /** How many words may follow; none by default. */
  maxPositionals?: number
  options: readonly OptionSpec[]
  subcommands?: readonly Command[]
  /** Words that may stand as argument, for completion. */
  arguments?: readonly string[]
  /** What the argument is, when it is not one of fixed words; for completion. */
  argumentCompletes?: 'profile' | 'file'
  examples?: readonly string[]
  /** Everything after `--` is another program's command line and comes as positionals, untouched. */
  takesCommandLine?: boolean
  /** Called by programs: it never prompts, not even at a terminal. */
  unattended?: boolean | ((input: Input) => boolean)
  /** Another program's spelling of its command line, in our words; called before anything is parsed. */
  translate?(argv: readonly string[]): readonly string[]
  /** Runs it and returns the exit code. */
  run(input: Input, program: Program): Promise<number>
  /** What stdout must carry when it fails (shell formats unset everything); '' otherwise. */
  failureOutput?(argv: readonly string[]): string
}

/** The option nearly every command has. */
export const profileOption: OptionSpec = {
  name: 'profile',
  value: 'NAME',
  summary: 'the profile to work on (else SESAME_PROFILE, else the current one)',
  completes: 'profile',
}

/** Which token of a profile: the access token is the default, except where there are ID tokens only. */
export const tokenOptions: readonly OptionSpec[] = [
  { name: 'access', summary: 'the access token (default, except with --format exec-credential)' },
  { name: 'id', summary: 'the ID token (default, and all there is, for IDaaS)' },
]

/** @throws SesameError ERR_USAGE when both are asked for */
export function wantedToken(input: Input): 'access' | 'id' | undefined {
  if (input.has('access') && input.has('id'))
    throw new SesameError(
      'ERR_USAGE',
      t('{option} and {other} contradict each other.', { option: '--access', other: '--id' }),
    )
  return input.has('id') ? 'id' : input.has('access') ? 'access' : undefined
}

/** For programs that read the standard error too: errors only. What builds the program for a command looks for it. */
export const quietOption: OptionSpec = {
  name: 'quiet',
  summary: 'no warnings on stderr, for programs that take them for a part of the result',
}

/** The profile a command works on: `--profile`, then SESAME_PROFILE, then the current one, then `default`. */
export function chosenProfile(input: Input, { session, edges }: Pick<Program, 'session' | 'edges'>): string {
  return chooseProfileName(session.readConfig(), {
    option: input.text('profile'),
    environment: edges.env.SESAME_PROFILE,
  })
}
