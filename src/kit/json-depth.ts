const quote = 0x22
const backslash = 0x5c

/**
 * True when the brackets and braces of a JSON text nest deeper than `deepest`. In one pass and without parsing, for texts from
 * outside: what walks a value afterwards may recurse, and a stack that overflows can end the process.
 */
export function isNestedDeeper(text: string, deepest: number): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (quoted) {
      if (char === backslash) i++
      else if (char === quote) quoted = false
    } else if (char === quote) quoted = true
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((char | 0x20) === 0x7b) {
      if (++depth > deepest) return true
    } else if ((char | 0x20) === 0x7d) depth--
  }
  return false
}
