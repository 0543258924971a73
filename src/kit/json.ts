/** Deeper than any real response, far shallower than what overflows a stack. */
const deepestForeign = 200

/** Parses JSON; undefined when the text is none. The parser's own message is dropped, as it quotes the text. */
export function parseJson(text: string, reviver?: typeof dropPrototype): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, reviver) }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * Parses JSON of a server: members named `__proto__` are dropped at every level, and what is nested absurdly deep counts as
 * broken, since what walks a value may recurse. A byte order mark in front is left out, as RFC 8259 section 8.1 allows. Undefined
 * when the text is not JSON.
 */
export function parseForeignJson(given: string): { value: unknown } | undefined {
  const text = given.replace(/^\ufeff+/, '')
  if (isNestedDeeper(text, deepestForeign)) return undefined
  // A reviver triples the time, and only a text with the name or an escape in it can need one.
  const suspicious = text.includes('__proto__') || text.includes('\\u')
  return parseJson(text, suspicious ? dropPrototype : undefined)
}

function dropPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

/** True for what a JSON object is parsed to. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON object; undefined for everything else. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) ? value : undefined
}

/** The JSON object of a text; undefined when the text is not JSON or something else. */
export function parseRecord(text: string): Record<string, unknown> | undefined {
  return asRecord(parseJson(text)?.value)
}

/** A text that is not empty; undefined for everything else. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A member of the object itself, never one of its prototype: for names that come from outside. */
export function member(record: Record<string, unknown> | undefined, name: string): unknown {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

/** A member that is a text and not empty. */
export function textMember(record: Record<string, unknown> | undefined, name: string): string | undefined {
  return asText(member(record, name))
}

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

/** Deeper than any real claim, far shallower than what overflows a stack. */
const deepestStrict = 64

/**
 * Parses a JSON object as RFC 7519 section 4 wants it read: valid UTF-8, no member twice at any level (parsers differ in
 * which one they keep), none named `__proto__`. Undefined for anything else.
 */
export function parseStrictJsonObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (isNestedDeeper(text, deepestStrict)) return undefined
    const value: unknown = JSON.parse(text)
    return isRecord(value) && hasUniqueMembers(text) ? value : undefined
  } catch (error) {
    // TypeError: not UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

/** In valid JSON: a string with the colon after it, or the beginning or end of an object or array. */
const jsonPiece = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g

function hasUniqueMembers(text: string): boolean {
  const open: Set<string>[] = []
  for (const [found, string, colon] of text.matchAll(jsonPiece)) {
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
