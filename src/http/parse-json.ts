import { isNestedDeeper } from '../kit/index.ts'

/** Far deeper than any real answer, far shallower than what overflows a stack. */
const deepest = 200

/**
 * Parses JSON from the outside: members named `__proto__` are dropped at every level, and what is nested absurdly deep
 * counts as broken.
 *
 * @returns undefined when the text is not JSON
 */
export function parseJson(text: string): { value: unknown } | undefined {
  if (isNestedDeeper(text, deepest)) return undefined
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
