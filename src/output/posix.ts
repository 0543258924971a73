import { safeName, singleQuoted } from '../kit/index.ts'
import { isBareWord, type ShellSyntax } from './shell-syntax.ts'

/**
 * sh, bash, dash, zsh, ksh: for `eval "$(sesame login --env)"`. Safe values stay bare, so that acs-sso's
 * unquoted command substitution works too: there the shell runs one `export A=1 export B=2 …`, in which quotes
 * would be taken literally and the inner `export` is the name of one more variable.
 */
export const posix: ShellSyntax = {
  assign: (name, value) => `export ${safeName(name)}=${isBareWord(value) ? value : singleQuoted(value)}\n`,
  unset: (names) => `unset -v ${names.map(safeName).join(' ')}\n`,
  // Unquoted, `&&` is one more (bad) name after all good ones: unset still does its work, and fails.
  fail: (names) => `unset -v ${names.map(safeName).join(' ')} && false\n`,
}
