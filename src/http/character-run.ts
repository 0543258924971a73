/** Where a run of certain characters that begins at `from` ends. */
export type RunEnd = (text: string, from: number) => number

/**
 * Makes a function that finds the end of a run of the given ASCII characters (a class as in a regular expression,
 * without brackets). A plain loop, since a greedy pattern over megabytes exhausts the stack of the regular expression engine.
 */
export function runOf(characters: string): RunEnd {
  const member = new RegExp(`^[${characters}]$`)
  const table = Uint8Array.from({ length: 128 }, (_, code) =>
    member.test(String.fromCharCode(code)) ? 1 : 0,
  )
  return (text, from) => {
    let end = from
    while (end < text.length && table[text.charCodeAt(end)] === 1) end++
    return end
  }
}

/**
 * Replaces each run that begins where `start` matches, whatever its case; `replace` may return undefined to leave it.
 * Every character is looked at a fixed number of times.
 *
 * @param start its match is the fixed beginning: the run goes on from its end
 */
export function replaceRuns(
  text: string,
  start: RegExp,
  runEnd: RunEnd,
  replace: (run: string, match: RegExpExecArray) => string | undefined,
): string {
  const pattern = new RegExp(start, 'gi')
  let result = ''
  let copied = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = runEnd(text, match.index + match[0].length)
    const replacement = replace(text.slice(match.index, end), match)
    if (replacement !== undefined) {
      result += text.slice(copied, match.index) + replacement
      copied = end
    }
    pattern.lastIndex = Math.max(end, match.index + 1)
  }
  return result + text.slice(copied)
}
