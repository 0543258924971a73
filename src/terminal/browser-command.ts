import { accessSync, constants, statSync } from 'node:fs'
import { errorCode } from '../kit/index.ts'

/** A program and its words, in which the place of the address is still marked. */
export interface BrowserProgram {
  name: string
  words: readonly string[]
}

/**
 * The programs of `BROWSER`, in the order in which they are tried: a list with `:` between them (`;` on Windows), each split into
 * words as a POSIX shell does it (on Windows `\` is a plain character), but never run by one. A path with blanks in it may stand
 * without quotes where such a file exists. A `&` at the end, as Python's webbrowser takes it, is left out.
 */
export function readBrowserList(
  value: string,
  platform: NodeJS.Platform,
  isProgram: (path: string) => boolean = isExecutableFile,
): BrowserProgram[] {
  const windows = platform === 'win32'
  const entries = split(value, windows, windows ? ';' : ':') ?? value.split(windows ? ';' : ':')
  return entries.flatMap((entry) => {
    const words = wordsOf(entry.trim(), windows, isProgram).filter((word) => word !== '')
    if (words.at(-1) === '&') words.pop()
    const [name, ...rest] = words
    return name === undefined ? [] : [{ name, words: rest }]
  })
}

/**
 * The words with the address in the place of `%s` (`%u`, `%U` of desktop files), else behind them; `%c` is a colon and `%%` a
 * percent sign.
 */
export function withAddress(words: readonly string[], url: string): string[] {
  let placed = false
  const filled = words.map((word) =>
    word.replace(/%([suUc%])/g, (_, mark: string) => {
      if (mark === 'c') return ':'
      if (mark === '%') return '%'
      placed = true
      return url
    }),
  )
  return placed ? filled : [...filled, url]
}

function wordsOf(entry: string, windows: boolean, isProgram: (path: string) => boolean): string[] {
  const words = split(entry, windows, undefined)
  const first = words?.[0] ?? ''
  if (words === undefined || (/[\\/]/.test(first) && !isProgram(first))) {
    const path = blanksIn(entry).find(isProgram)
    if (path !== undefined) {
      const rest = entry.slice(path.length).trim()
      return [path, ...(split(rest, windows, undefined) ?? rest.split(/\s+/))]
    }
  }
  return words ?? entry.split(/\s+/)
}

/** The entry and what stands before each of its blanks, the longest first: each may be a path. */
function blanksIn(entry: string): string[] {
  const ends = [...entry.matchAll(/\s+/g)].map(({ index }) => index)
  return [entry, ...ends.reverse().map((end) => entry.slice(0, end))]
}

/**
 * Splits at blanks outside quotes and takes the quotes away, or, at a separator outside quotes, and leaves them. Undefined when a
 * quote is not closed: then it is none.
 */
function split(text: string, windows: boolean, separator: string | undefined): string[] | undefined {
  const parts: string[] = []
  let part: string | undefined
  let quote = ''
  const keep = separator !== undefined
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    const next = text.charAt(i + 1)
    const escapes = !windows && char === '\\' && quote !== "'" && (quote === '' || '"\\$`'.includes(next))
    if (escapes && next !== '') {
      part = `${part ?? ''}${keep ? char : ''}${next}`
      i++
    } else if (quote === '' ? char === '"' || (char === "'" && !windows) : char === quote) {
      quote = quote === '' ? char : ''
      part = `${part ?? ''}${keep ? char : ''}`
    } else if (quote === '' && (keep ? char === separator : /\s/.test(char))) {
      if (part !== undefined) parts.push(part)
      part = undefined
    } else part = `${part ?? ''}${char}`
  }
  if (quote !== '') return undefined
  return part === undefined ? parts : [...parts, part]
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}
