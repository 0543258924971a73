/** A token of RFC 9110 section 5.6.2: what methods and names of headers are made of. */
export function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[!#$%&'*+.^_`|~\w-]+$/.test(text)
}

/** What may stand in a header's value on every client: one line, no byte whose encoding is ambiguous. */
export function isPrintableAscii(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text)
}
