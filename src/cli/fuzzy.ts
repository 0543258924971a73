/**
 * How well a row answers what was typed; higher is better, undefined when it does not. Every word must be in the row, in any order:
 * best as it stands, at the beginning of the row, then at the beginning of a word, then anywhere, then as letters in that order
 * with others in between, the first of them at the beginning of a word.
 */
function fuzzyScore(typed: string, row: string): number | undefined {
  const text = folded(row)
  let score = 0
  for (const word of folded(typed).split(/\s+/)) {
    const found = wordScore(word, text)
    if (found === undefined) return undefined
    score += found
  }
  return score
}

/** Those that match, best first; equals stay in their order, and nothing typed is all of them. */
export function fuzzyFilter<T>(typed: string, rows: readonly T[], textOf: (row: T) => string): T[] {
  if (typed.trim() === '') return [...rows]
  return rows
    .flatMap((row) => {
      const score = fuzzyScore(typed, textOf(row))
      return score === undefined ? [] : [{ row, score }]
    })
    .sort((a, b) => b.score - a.score)
    .map(({ row }) => row)
}

/** Capitals, and the full-width letters of a Chinese keyboard, are the same letters. */
const folded = (text: string) => text.normalize('NFKC').toLowerCase()

const isInWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char)

function wordScore(word: string, text: string): number | undefined {
  if (word === '') return 0
  if (text.startsWith(word)) return isInWord(text[word.length]) ? 90 : 100
  let best: number | undefined
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const begins = !isInWord(text[at - 1])
    best = Math.max(best ?? 0, begins ? 80 : 60)
  }
  return best ?? scatteredScore(word, text)
}

/** Below anything that holds the whole word; the closer together the letters are, the better. The first one begins a word. */
function scatteredScore(word: string, text: string): number | undefined {
  let best: number | undefined
  const [first = ''] = word
  for (let start = text.indexOf(first); start >= 0; start = text.indexOf(first, start + 1)) {
    if (isInWord(text[start - 1])) continue
    const end = endOfScattered(word, text, start)
    if (end === undefined) break
    best = Math.max(best ?? 1, 40 - (end - start - word.length))
  }
  return best
}

function endOfScattered(word: string, text: string, start: number): number | undefined {
  let at = start - 1
  for (const char of word) {
    at = text.indexOf(char, at + 1)
    if (at < 0) return undefined
  }
  return at + 1
}
