/** How the bytes of a file stand for its text; editors of Windows write a byte order mark, its shells UTF-16. */
export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16'

/**
 * Bytes that a user or another program hands over, as text without its byte order mark. Redirected by Windows PowerShell 5.1 (`>`,
 * `Out-File`) or saved as "Unicode" by an editor, they are UTF-16; without a mark that shows in zeros where ASCII text has none.
 */
export function decodeText(bytes: Buffer): { text: string; encoding: TextEncoding } {
  // By index, and no `Buffer.from`: iterators and JavaScript built into an executable's runtime are slow at their first use.
  const marksLittle = bytes[0] === 0xff && bytes[1] === 0xfe
  const marksBig = bytes[0] === 0xfe && bytes[1] === 0xff
  const isBig = marksBig || looksLikeUtf16(bytes, 0)
  if (marksLittle || isBig || looksLikeUtf16(bytes, 1)) {
    const text = utf16(bytes.subarray(marksLittle || marksBig ? 2 : 0), isBig)
    return { text, encoding: 'utf-16' }
  }
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    ? { text: bytes.toString('utf8', 3), encoding: 'utf-8-bom' }
    : { text: bytes.toString('utf8'), encoding: 'utf-8' }
}

/** Whether the first character is ASCII with its zero byte at this place, and so are most of the next ones. */
function looksLikeUtf16(bytes: Buffer, zeroAt: 0 | 1): boolean {
  if (bytes[zeroAt] !== 0 || !bytes[1 - zeroAt]) return false
  const beginning = bytes.subarray(0, 64)
  const zeros = beginning.filter((byte, i) => byte === 0 && i % 2 === zeroAt).length
  return zeros * 4 >= beginning.length
}

function utf16(bytes: Buffer, isBig: boolean): string {
  // Half a character at the end is left out. A copy: the bytes are swapped in place.
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  return (isBig ? whole.swap16() : whole).toString('utf16le')
}

/**
 * Characters that a server may not send to a terminal or a log: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional overrides and isolates, zero-width and byte-order marks, unpaired surrogates.
 */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * Foreign text made safe to show on one line: control characters become visible escapes (`\u001b`),
 * and what is longer than `maxLength` characters is cut with `…`. Text of a server may hold a secret, which would no longer be
 * recognised after the cut: `foreignText` of `http/` is for that.
 */
export function printable(text: string, maxLength = 300): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  return cut.replace(unprintable, escaped)
}

/**
 * The same for a text of several lines, uncut: line ends and tabs stay. Within a JSON document the escapes are JSON's own, so
 * that it means what it did.
 */
export function printableLines(text: string): string {
  return text.replace(unprintable, (char) => (char === '\n' || char === '\t' ? char : escaped(char)))
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
