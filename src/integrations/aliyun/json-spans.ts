/** Where a value lies in a JSON text: from its first character to just behind its last. */
export interface Span {
  start: number
  end: number
}

export interface ChildSpan extends Span {
  /** The member's name; undefined in an array. */
  name: string | undefined
}

/**
 * Where the elements of an array, or the values of an object's members, lie. The text must be valid JSON, and the span
 * that of an array or object in it. With it one value of a file can be exchanged, and no other byte.
 */
export function childSpans(text: string, container: Span): ChildSpan[] {
  const children: ChildSpan[] = []
  const last = container.end - 1
  let depth = 0
  let from = container.start + 1
  for (let i = from; i <= last; i++) {
    const char = text.charAt(i)
    if (char === '"') i = endOfString(text, i)
    else if (depth === 0 && (char === ',' || i === last)) {
      const child = toChild(text, trimmed(text, from, i), text.charAt(container.start) === '{')
      if (child !== undefined) children.push(child)
      from = i + 1
    } else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
  }
  return children
}

/** The span of the whole value of a JSON text. */
export function rootSpan(text: string): Span {
  return trimmed(text, 0, text.length)
}

function toChild(text: string, span: Span, isMember: boolean): ChildSpan | undefined {
  if (span.start === span.end) return undefined
  if (!isMember) return { ...span, name: undefined }
  const nameEnd = endOfString(text, span.start) + 1
  const name: unknown = JSON.parse(text.slice(span.start, nameEnd))
  return { ...trimmed(text, text.indexOf(':', nameEnd) + 1, span.end), name: String(name) }
}

/** The index of the quote that closes the string beginning at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text.charAt(i) !== '"') i += text.charAt(i) === '\\' ? 2 : 1
  return i
}

function trimmed(text: string, from: number, to: number): Span {
  let start = from
  let end = to
  while (start < end && isSpace(text.charAt(start))) start++
  while (end > start && isSpace(text.charAt(end - 1))) end--
  return { start, end }
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r'
}
