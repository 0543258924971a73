/**
 * A pattern in which `*` stands for any text and `?` for one character, and whose letters may have either case; it has to fit the
 * whole text. Not a regular expression: of several `*` in a long name one could take for ever.
 */
export function readGlob(pattern: string): (text: string) => boolean {
  const wanted = [...pattern.toLowerCase()]
  return (text) => fits(wanted, [...text.toLowerCase()])
}

function fits(pattern: readonly string[], text: readonly string[]): boolean {
  let p = 0
  let star: { p: number; t: number } | undefined
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === '*') {
      star = { p: ++p, t }
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star !== undefined) {
      // The last star takes one character more; those before it never have to.
      star = { p: star.p, t: star.t + 1 }
      p = star.p
      t = star.t
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
