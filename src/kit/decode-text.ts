/**
 * Bytes that a user hands over, as text without its byte order mark. Redirected by Windows PowerShell 5.1 (`>`, `Out-File`) or saved
 * as "Unicode" by an editor, they are UTF-16; without a mark that shows in zeros where ASCII text has none.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first = -1, second = -1, third = -1] = bytes
  if (first === 0xff && second === 0xfe) return utf16(bytes.subarray(2), 'little')
  if (first === 0xfe && second === 0xff) return utf16(bytes.subarray(2), 'big')
  if (first === 0xef && second === 0xbb && third === 0xbf) return utf8(bytes.subarray(3))
  if (isUtf16(bytes, 1)) return utf16(bytes, 'little')
  if (isUtf16(bytes, 0)) return utf16(bytes, 'big')
  return utf8(bytes)
}

/** Whether each of the first characters has its zero byte at this place, and none at the other. */
function isUtf16(bytes: Uint8Array, zeroAt: 0 | 1): boolean {
  const beginning = bytes.subarray(0, 64)
  return (
    bytes.length >= 2 &&
    bytes.length % 2 === 0 &&
    beginning.every((byte, i) => (byte === 0) === (i % 2 === zeroAt))
  )
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function utf16(bytes: Uint8Array, order: 'little' | 'big'): string {
  // Half a character at the end is left out. A copy: the bytes are swapped in place.
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  return (order === 'big' ? whole.swap16() : whole).toString('utf16le')
}
