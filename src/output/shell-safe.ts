const safeAlphabet = /^[A-Za-z0-9_./+=:@%,-]+$/

/** zsh replaces `=ls` at the start of a value, and after a colon, by the path of the program. */
const zshEquals = /(?:^|:)=/

/** True for a value that every POSIX shell and every reader of dotenv files takes literally, without quotes. */
export function isBareWord(value: string): boolean {
  return safeAlphabet.test(value) && !zshEquals.test(value)
}
