/** What differs from shell to shell. Every text ends with a newline; names are checked, values are speakable. */
export interface ShellSyntax {
  /** One line that puts a variable into the environment of the shell and its children. */
  assign(name: string, value: string): string
  /** Takes the variables out again; those that are not set are no error. */
  unset(names: readonly string[]): string
  /** Takes the variables out and fails, without ending the shell that evaluates it. */
  fail(names: readonly string[]): string
}
