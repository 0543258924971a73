import { isNestedDeeper, isRecord } from '../kit/index.ts'

/** Deeper than any real claim, far shallower than what overflows a stack. */
const deepest = 64

/**
 * Parses a JSON object as RFC 7519 section 4 wants it read: valid UTF-8, no member twice at any level (parsers differ in
 * which one they keep), none named `__proto__`. Undefined for anything else.
 */
export function parseStrictJsonObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (isNestedDeeper(text, deepest)) return undefined
    const value: unknown = JSON.parse(text)
    return isRecord(value) && hasUniqueMembers(text) ? value : undefined
  } catch (error) {
    // TypeError: not UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

/** In valid JSON: a string with the colon after it, or the beginning or end of an object or array. */
const piece = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g

function hasUniqueMembers(text: string): boolean {
  const open: Set<string>[] = []
  for (const [found, string, colon] of text.matchAll(piece)) {
    if (found === '{' || found === '[') open.push(new Set())
    else if (found === '}' || found === ']') open.pop()
    else if (string !== undefined && colon !== undefined) {
      // Two spellings of one name are one name.
      const name: string = JSON.parse(string)
      const names = open.at(-1)
      if (name === '__proto__' || names?.has(name)) return false
      names?.add(name)
    }
  }
  return true
}
