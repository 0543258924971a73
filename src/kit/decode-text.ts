/** How the bytes of a file stand for its text; editors of Windows write a byte order mark, its shells UTF-16. */
export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16'

/**
 * Bytes that a user or another program hands over, as text without its byte order mark. Redirected by Windows PowerShell 5.1 (`>`,
 * `Out-File`) or saved as "Unicode" by an editor, they are UTF-16; without a mark that shows in zeros where ASCII text has none.
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  const [first = -1, second = -1, third = -1] = bytes
  const [marksLittle, marksBig] = [first === 0xff && second === 0xfe, first === 0xfe && second === 0xff]
  const isBig = marksBig || looksLikeUtf16(bytes, 0)
  if (marksLittle || isBig || looksLikeUtf16(bytes, 1)) {
    const text = utf16(bytes.subarray(marksLittle || marksBig ? 2 : 0), isBig)
    return { text, encoding: 'utf-16' }
  }
  return first === 0xef && second === 0xbb && third === 0xbf
    ? { text: utf8(bytes.subarray(3)), encoding: 'utf-8-bom' }
    : { text: utf8(bytes), encoding: 'utf-8' }
}

/** Whether the first character is ASCII with its zero byte at this place, and so are most of the next ones. */
function looksLikeUtf16(bytes: Uint8Array, zeroAt: 0 | 1): boolean {
  if (bytes[zeroAt] !== 0 || !bytes[1 - zeroAt]) return false
  const beginning = bytes.subarray(0, 64)
  const zeros = beginning.filter((byte, i) => byte === 0 && i % 2 === zeroAt).length
  return zeros * 4 >= beginning.length
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function utf16(bytes: Uint8Array, isBig: boolean): string {
  // Half a character at the end is left out. A copy: the bytes are swapped in place.
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  return (isBig ? whole.swap16() : whole).toString('utf16le')
}
