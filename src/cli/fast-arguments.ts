import type { Input } from './command.ts'

/** The options that the cached path reads by itself; a switch has no value. */
const known: Record<string, 'text' | 'switch'> = {
  '--profile': 'text',
  '--format': 'text',
  '--env': 'switch',
  '--quiet': 'switch',
}

/**
 * Reads the plain spellings that shells and programs use all day (`--profile dev --env`). Undefined for anything else,
 * right or wrong: then the real parser judges it. Here every part of a millisecond counts.
 */
export function readPlainWords(words: readonly string[]): Input | undefined {
  const values = new Map<string, string>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const kind = Object.hasOwn(known, word) ? known[word] : undefined
    if (kind === undefined || values.has(word)) return undefined
    const value = kind === 'switch' ? '' : words[++i]
    if (value === undefined || value.startsWith('-') || (kind === 'text' && value === '')) return undefined
    values.set(word, value)
  }
  return {
    text: (name) => values.get(`--${name}`),
    all: () => [],
    has: (name) => values.has(`--${name}`),
    positionals: [],
  }
}
