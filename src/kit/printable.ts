/**
 * Characters that a server may not send to a terminal or a log: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional overrides and isolates, zero-width and byte-order marks, unpaired surrogates.
 */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * Foreign text made safe to show on one line: control characters become visible escapes (`\u001b`),
 * and what is longer than `maxLength` characters is cut with `…`. Text of a server may hold a secret, which would no longer be
 * recognised after the cut: `foreignText` of `http/` is for that.
 */
export function printable(text: string, maxLength = 300): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  return cut.replace(unprintable, escaped)
}

/**
 * The same for a text of several lines, uncut: line ends and tabs stay. Within a JSON document the escapes are JSON's own, so
 * that it means what it did.
 */
export function printableLines(text: string): string {
  return text.replace(unprintable, (char) => (char === '\n' || char === '\t' ? char : escaped(char)))
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
