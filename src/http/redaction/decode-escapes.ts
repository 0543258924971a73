import { type TextView, ViewBuilder } from './text-view.ts'

const [percent, ampersand, semicolon, backslash, brace, closingBrace] = Buffer.from(
  '%&;\\{}',
) as unknown as Codes
const [letterU, letterX] = Buffer.from('ux') as unknown as [number, number]
type Codes = [number, number, number, number, number, number]

/** With leading zeros an entity may be long; what is longer than this is none. */
const longestEntity = 80

/**
 * Undoes every escape, until none is left: percent-encoding, HTML character references, `\u002B`, `\x2B`, `\u{2b}` and
 * `%u002B`, in whatever order they lie in one another. One pass: a byte that completes an escape is replaced at once, and
 * may then complete the next one, so that `%252525…` costs no more than its length.
 *
 * Each layer of quoting doubles the backslashes: `\\\\u002B` is `\u002B` within two of them.
 *
 * @returns undefined when there was nothing to undo
 */
export function decodeEscapes(source: Buffer): TextView | undefined {
  if (!mayHaveEscapes(source)) return undefined
  const text = new ViewBuilder(source.length)
  for (let index = 0; index < source.length; index++) {
    text.push(source[index] ?? 0, index, index + 1)
    // Again after each: what an escape stood for may be the end of another one.
    while (endsEscape(text.at(text.length - 1)) && reduce(text));
  }
  return text.view()
}

function mayHaveEscapes(source: Buffer): boolean {
  return source.includes(percent) || source.includes(ampersand) || source.includes(backslash)
}

function endsEscape(byte: number): boolean {
  return isHex(byte) || byte === semicolon || byte === closingBrace
}

/** Replaces the escape that ends with the last byte, if there is one. */
function reduce(text: ViewBuilder): boolean {
  const last = text.length - 1
  const byte = text.at(last)
  if (byte === semicolon) return reduceEntity(text, last)
  if (byte === closingBrace) return reduceBraced(text, last)
  if (!isHex(text.at(last - 1))) return false
  if (text.at(last - 2) === percent) {
    text.replaceFrom(last - 2, [hexBetween(text, last - 1, last)])
    return true
  }
  if (text.at(last - 2) === letterX && text.at(last - 3) === backslash) {
    text.replaceFrom(firstBackslash(text, last - 3), utf8Of(hexBetween(text, last - 1, last)))
    return true
  }
  if (text.at(last - 4) !== letterU || !isHex(text.at(last - 2)) || !isHex(text.at(last - 3))) return false
  const mark = text.at(last - 5)
  if (mark !== backslash && mark !== percent) return false
  const from = mark === percent ? last - 5 : firstBackslash(text, last - 5)
  text.replaceFrom(from, utf8Of(hexBetween(text, last - 3, last)))
  return true
}

/**
 * Where the backslashes begin that belong to one escape. One that was itself written in another way (`\u005c\u0041` is a backslash
 * and an A) is not of them: it took more of the source.
 */
function firstBackslash(text: ViewBuilder, nearest: number): number {
  const width = text.widthAt(nearest)
  let first = nearest
  while (text.at(first - 1) === backslash && text.widthAt(first - 1) === width) first--
  return first
}

function reduceEntity(text: ViewBuilder, last: number): boolean {
  const from = lastIndexOf(text, ampersand, last, longestEntity)
  if (from === undefined) return false
  const codePoint = codePointOf(asciiBetween(text, from + 1, last - 1))
  if (codePoint === undefined) return false
  text.replaceFrom(from, utf8Of(codePoint))
  return true
}

/** `\u{2b}` */
function reduceBraced(text: ViewBuilder, last: number): boolean {
  const from = lastIndexOf(text, brace, last, 20)
  if (from === undefined || text.at(from - 1) !== letterU || text.at(from - 2) !== backslash) return false
  const digits = asciiBetween(text, from + 1, last - 1)
  const codePoint = /^[\da-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.POSITIVE_INFINITY
  if (codePoint > 0x10ffff) return false
  text.replaceFrom(firstBackslash(text, from - 2), utf8Of(codePoint))
  return true
}

/** The bytes of a code point; half of a surrogate pair has three that are no valid UTF-8 (see `joinSurrogates`). */
function utf8Of(codePoint: number): number[] {
  if (codePoint < 0x80) return [codePoint]
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), 0x80 | (codePoint & 0x3f)]
  const low = [0x80 | ((codePoint >> 6) & 0x3f), 0x80 | (codePoint & 0x3f)]
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), ...low]
  return [0xf0 | (codePoint >> 18), 0x80 | ((codePoint >> 12) & 0x3f), ...low]
}

/**
 * Two halves of a surrogate pair, each escaped for itself (`\\ud83d\\ude00`), become the one character that they are, when the last
 * six bytes of a text are such.
 */
export function joinSurrogates(text: ViewBuilder): void {
  const last = text.length - 1
  if (text.at(last - 2) !== 0xed || text.at(last - 1) < 0xb0 || text.at(last - 5) !== 0xed) return
  const [second, third] = [text.at(last - 4), text.at(last - 3)]
  if (second < 0xa0 || second > 0xaf) return
  const high = ((second & 0x0f) << 6) | (third & 0x3f)
  const low = ((text.at(last - 1) & 0x0f) << 6) | (text.at(last) & 0x3f)
  text.replaceFrom(last - 5, utf8Of(0x10000 + (high << 10) + low))
}

function lastIndexOf(text: ViewBuilder, byte: number, before: number, within: number): number | undefined {
  for (let index = before - 1; index >= 0 && before - index <= within; index--) {
    if (text.at(index) === byte) return index
  }
  return undefined
}

/** Both ends included. */
function asciiBetween(text: ViewBuilder, from: number, to: number): string {
  let result = ''
  for (let index = from; index <= to; index++) result += String.fromCharCode(text.at(index))
  return result
}

function hexBetween(text: ViewBuilder, from: number, to: number): number {
  return Number.parseInt(asciiBetween(text, from, to), 16)
}

function isHex(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70)
}

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
function codePointOf(reference: string): number | undefined {
  const digits = /^#(?:(\d+)|[xX]([\dA-Fa-f]+))$/.exec(reference)
  if (digits === null) return codePoints.get(reference)
  const codePoint = digits[1] === undefined ? Number.parseInt(digits[2] ?? '', 16) : Number(digits[1])
  return codePoint <= 0x10ffff ? codePoint : undefined
}
