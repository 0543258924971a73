import { safeName } from '../kit/index.ts'
import type { ShellSyntax } from './shell-syntax.ts'

/**
 * PowerShell 5.1 and later: for `sesame login --format powershell | Invoke-Expression`, which runs line by line.
 *
 * The text is pure ASCII. PowerShell decodes the output of a program with the code page of the console, in which
 * a byte of a foreign letter can become one of its other single quotes (`‘ ’ ‚ ‛`) or swallow the closing one.
 */
export const powershell: ShellSyntax = {
  assign: (name, value) => `$env:${safeName(name)} = ${expression(value)}\n`,
  unset: (names) => `${remove(names)}\n`,
  // Invoke-Expression has no status: an exception is the one failure that a caller can see (`try`, `trap`, `$?`).
  fail: (names) => `${remove(names)}; throw 'sesame: no credentials'\n`,
}

/** `'…'` with doubled quotes, and `[char]0x2019` for what is not ASCII (`"` and `$` mean nothing in there). */
function expression(value: string): string {
  const parts = value.match(/[\u0020-\u007e]+|[^\u0020-\u007e]/g) ?? []
  const terms = parts.map((part) =>
    /^[\u0020-\u007e]/.test(part) ? `'${part.replaceAll("'", "''")}'` : `[char]0x${hex(part)}`,
  )
  // A string on the left makes `+` a concatenation; two characters would be added as numbers.
  return (terms[0]?.startsWith("'") ? terms : ["''", ...terms]).join(' + ')
}

/** The UTF-16 code unit: .NET strings hold the two halves of a surrogate pair one after the other, as ours do. */
function hex(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0')
}

function remove(names: readonly string[]): string {
  return `Remove-Item -ErrorAction SilentlyContinue -LiteralPath ${names.map((name) => `Env:${safeName(name)}`).join(',')}`
}
