/** Far deeper than any real answer, far shallower than what overflows a stack. */
const deepest = 200

/**
 * Parses JSON from the outside: members named `__proto__` are dropped at every level, and what is nested absurdly deep
 * counts as broken.
 *
 * @returns undefined when the text is not JSON
 */
export function parseJson(text: string): { value: unknown } | undefined {
  if (depthOf(text) > deepest) return undefined
  try {
    // A reviver triples the time, and only a text with the name or an escape in it can need one.
    const suspicious = text.includes('__proto__') || text.includes('\\u')
    return { value: suspicious ? JSON.parse(text, dropPrototype) : JSON.parse(text) }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function dropPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

function depthOf(text: string): number {
  let depth = 0
  let greatest = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (quoted) {
      if (char === '\\') i++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') greatest = Math.max(greatest, ++depth)
    else if (char === '}' || char === ']') depth--
  }
  return greatest
}
