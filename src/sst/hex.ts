const lower = 0x10
const upper = 0x20
const none = 0x40

/** For each ASCII character the value of the digit, and whether it is a letter and of which case. */
const digits = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/[0-9]/.test(char)) return Number(char)
  if (/[a-f]/.test(char)) return Number.parseInt(char, 16) | lower
  return /[A-F]/.test(char) ? Number.parseInt(char, 16) | upper : none
})

/**
 * Decodes the hexadecimal digits from a place of a text to its end, and returns the number of bytes; -1 when something else is
 * among the characters, their number is odd, or letters of both cases are: no encoder writes mixed case, and it would let
 * single bits of a token be turned over. By hand, since telling these from each other beforehand costs more than decoding.
 */
export function decodeHex(text: string, from: number, target: Uint8Array): number {
  let length = 0
  let seen = (text.length - from) & 1 ? none : 0
  for (let at = from; at + 1 < text.length; at += 2) {
    const high = digits[text.charCodeAt(at)] ?? none
    const low = digits[text.charCodeAt(at + 1)] ?? none
    seen |= high | low
    target[length++] = ((high & 15) << 4) | (low & 15)
  }
  return seen & none || (seen & (lower | upper)) === (lower | upper) ? -1 : length
}
