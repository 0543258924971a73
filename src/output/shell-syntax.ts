/** What differs from shell to shell. Every text ends with a newline; names are checked, values are speakable. */
export interface ShellSyntax {
  /** One line that puts a variable into the environment of the shell and its children. */
  assign(name: string, value: string): string
  /** Takes the variables out again; those that are not set are no error. */
  unset(names: readonly string[]): string
  /** Takes the variables out and fails, without ending the shell that evaluates it. */
  fail(names: readonly string[]): string
}

const safeAlphabet = /^[A-Za-z0-9_./+=:@%,-]+$/

/** zsh replaces `=ls` at the start of a value, and after a colon, by the path of the program. */
const zshEquals = /(?:^|:)=/

/** True for a value that every POSIX shell and every reader of dotenv files takes literally, without quotes. */
export function isBareWord(value: string): boolean {
  return safeAlphabet.test(value) && !zshEquals.test(value)
}
