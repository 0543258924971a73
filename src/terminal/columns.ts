import stringWidth from 'string-width'

/** How many columns of a terminal a text takes; a Chinese character takes two (Unicode UAX 11). */
export function textWidth(text: string): number {
  return stringWidth(text)
}

/** The text with blanks behind it, up to `width` columns. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)))
}

/** A text that takes no more columns than that: a longer one ends in `ellipsis`. */
export function cutText(text: string, width: number, ellipsis: string): string {
  if (textWidth(text) <= width) return text
  const room = width - textWidth(ellipsis)
  let kept = ''
  for (const char of text) {
    if (textWidth(kept + char) > room) break
    kept += char
  }
  return room < 0 ? '' : kept + ellipsis
}

/** What stays together on a row: a word, or a Chinese character, with the punctuation that belongs to it. */
const unit =
  /[（“《]*(?:\p{Script=Han}|[^\s\p{Script=Han}（“《，。、；：！？）”》]+)[，。、；：！？）”》]*|[^\s]/gu

/** Breaks a text into rows of at most `width` columns, between words and between Chinese characters. */
export function wrapText(text: string, width: number): string[] {
  const rows: string[] = []
  let end = 0
  for (const { 0: word, index } of text.matchAll(unit)) {
    const row = rows.at(-1)
    const next = (row === undefined ? '' : text.slice(end, index)) + word
    if (row === undefined || textWidth(row + next) > width) rows.push(word)
    else rows[rows.length - 1] = row + next
    end = index + word.length
  }
  return rows
}
