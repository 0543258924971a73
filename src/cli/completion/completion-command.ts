/** Where the candidates for a value come from when they are not fixed. */
export type CompletionSource = 'profile' | 'file'

/** An option as the completion scripts offer it. */
export interface CompletionOption {
  /** Long name without the dashes. */
  name: string
  /** Other accepted spellings without the dashes: understood before the cursor, never offered. */
  aliases?: readonly string[]
  summary: string
  takesValue: boolean
  /** The only accepted values. */
  values?: readonly string[]
  completes?: CompletionSource
}

/** A command as the completion scripts offer it. */
export interface CompletionCommand {
  name: string
  summary: string
  options: readonly CompletionOption[]
  subcommands?: readonly CompletionCommand[]
  /** Words that may stand as the first argument. */
  arguments?: readonly string[]
  /** What the first argument is, when it is not one of fixed words. */
  argumentCompletes?: CompletionSource
}
