const longest = 64
const shortest = 2

/**
 * A RoleSessionName from the first candidate that something is left of, reduced to the characters that STS allows
 * (2 to 64 of `A-Z a-z 0-9 . @ _ -`): accents are dropped, a run of anything else becomes one `-`. `sesame` when no
 * candidate is usable.
 */
export function roleSessionNameFrom(...candidates: (string | undefined)[]): string {
  for (const candidate of candidates) {
    const reduced = reduce(candidate ?? '')
    if (reduced.length >= shortest) return reduced
  }
  return 'sesame'
}

function reduce(text: string): string {
  return text
    .slice(0, 1000)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9.@_-]+/g, '-')
    .slice(0, longest + 1)
    .replace(/^-+/, '')
    .slice(0, longest)
    .replace(/-+$/, '')
}
