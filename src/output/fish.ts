import { safeName } from '../kit/index.ts'
import type { ShellSyntax } from './shell-syntax.ts'

/**
 * fish: for `sesame login --format fish | source`. Each statement ends with `;`, because `eval (…)` joins the
 * lines with blanks. In fish's single quotes exactly `\\` and `\'` are escapes (fish language, "Quotes").
 */
export const fish: ShellSyntax = {
  assign: (name, value) => `set -gx ${safeName(name)} '${value.replace(/[\\']/g, '\\$&')}';\n`,
  // `set -e` fails for a variable that is not there; `true` keeps that from being taken for a failure of ours.
  unset: (names) => `set -eg ${names.map(safeName).join(' ')}; true;\n`,
  fail: (names) => `set -eg ${names.map(safeName).join(' ')}; false;\n`,
}
