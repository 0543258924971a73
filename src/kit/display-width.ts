/** What a terminal shows in two columns: East Asian wide and fullwidth characters, and emoji (UAX #11). */
const isWide = (char: string) =>
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u.test(
    char,
  )

/** Combining marks, joiners and variation selectors have no column of their own. */
const isMark = (char: string) => /\p{M}|[\u200b-\u200f]|[\ufe00-\ufe0f]/u.test(char)

/** How many columns of a terminal a text of one line takes. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length
  let width = 0
  for (const char of text) width += isMark(char) ? 0 : isWide(char) ? 2 : 1
  return width
}

/** A text followed by blanks up to a number of columns. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** A text that takes no more columns than that: a longer one ends in `ellipsis`. */
export function cutToWidth(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text
  const room = width - displayWidth(ellipsis)
  let kept = ''
  let used = 0
  for (const char of text) {
    used += displayWidth(char)
    if (used > room) break
    kept += char
  }
  return room < 0 ? '' : kept + ellipsis
}
