/** Named character references of ASCII and Latin-1 (HTML 5), the ones that an encoder writes in place of a character. */
const ascii: Record<string, string> = {
  Tab: '\t',
  NewLine: '\n',
  excl: '!',
  quot: '"',
  QUOT: '"',
  num: '#',
  dollar: '$',
  percnt: '%',
  amp: '&',
  AMP: '&',
  apos: "'",
  lpar: '(',
  rpar: ')',
  ast: '*',
  midast: '*',
  plus: '+',
  comma: ',',
  period: '.',
  sol: '/',
  colon: ':',
  semi: ';',
  lt: '<',
  LT: '<',
  equals: '=',
  gt: '>',
  GT: '>',
  quest: '?',
  commat: '@',
  lsqb: '[',
  lbrack: '[',
  bsol: '\\',
  rsqb: ']',
  rbrack: ']',
  Hat: '^',
  lowbar: '_',
  UnderBar: '_',
  grave: '`',
  DiacriticalGrave: '`',
  lcub: '{',
  lbrace: '{',
  verbar: '|',
  vert: '|',
  VerticalLine: '|',
  rcub: '}',
  rbrace: '}',
}

/** From U+00A0 to U+00FF, in this order. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute ' +
  'Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute ' +
  'THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ' +
  'ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'

const codePoints = new Map([
  ...Object.entries(ascii).map(([name, char]) => [name, char.charCodeAt(0)] as const),
  ...latin1.split(' ').map((name, index) => [name, 0xa0 + index] as const),
])

/**
 * The code point that a character reference stands for.
 *
 * @param reference what stands between `&` and `;`: `amp`, `#43`, `#x2B`, `#0043`
 */
export function codePointOf(reference: string): number | undefined {
  const digits = /^#(?:(\d+)|[xX]([\dA-Fa-f]+))$/.exec(reference)
  if (digits === null) return codePoints.get(reference)
  const codePoint = digits[1] === undefined ? Number.parseInt(digits[2] ?? '', 16) : Number(digits[1])
  return codePoint <= 0x10ffff ? codePoint : undefined
}
