import fc from 'fast-check'

/** Pieces that mean something to at least one shell. */
const pieces = [
  ...'\'"`\\$!%^&|;<>(){}[]*?~#=:,@+-_ /',
  "''",
  "'\\''",
  "\\'",
  '\\\\',
  '!!',
  '$(touch PWN)',
  '`touch PWN`',
  ';touch PWN;',
  "';touch PWN;'",
  '|touch PWN',
  '&touch PWN&',
  '>PWN',
  '$IFS',
  '$HOME',
  '%PATH%',
  '=ls',
  ':=ls',
  ':~',
  '{a,b}',
  '--',
  '-e',
  '\t',
  '\u001b[31m',
  '\u007f',
  '\u0081',
  '\u0085',
  '\u00a0',
  '\u2028',
  '‘',
  '’',
  '‚',
  '‛',
  '“',
  'Ē',
  '开',
  '😀',
  '\ufeff',
  '\ufdd0',
  '\uf612',
  '\uffff',
  '\u{10ffff}',
  'A',
  '9',
]

/** Any text over all of Unicode that fits on one line, with much of what shells stumble over. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join('').replace(/[\0\r\n]/g, ''))
  .filter((text) => text !== '')

/** Words of the alphabet that needs no quotes. */
export const safeWord = fc.stringMatching(/^[A-Za-z0-9_./+=:@%,-]{1,20}$/)

/** `V0`, `V1` … for many values in one shell process. */
export function numbered(values: readonly string[]): [name: string, value: string][] {
  return values.map((value, index) => [`V${index}`, value])
}

/** The variables `V0`, `V1` … out of an environment, in order. */
export function valuesOf(environment: Record<string, string>, count: number): (string | undefined)[] {
  return Array.from({ length: count }, (_, index) => environment[`V${index}`])
}
