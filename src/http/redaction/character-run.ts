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
