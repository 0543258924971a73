import { codeBlocks, proseOf } from './markdown.ts'

/** What a translated section has in common with the original, whatever its sentences are. */
export interface SectionFacts {
  /** Each code block without comments, and how many comments it has. */
  blocks: { language: string; lines: string[]; comments: number }[]
  /** Code spans: commands, options, variables, names of files and fields. */
  spans: string[]
  /** Options and environment variables, in code blocks too. */
  names: string[]
  /** The rows and columns of each table. */
  tables: string[]
  listItems: number
}

const comment = /(?:^|[ \t]+)(?:#|\/\/) .*$/
const sorted = (words: Iterable<string>) => [...new Set(words)].sort()

/** The facts of a section, given its text. */
export function sectionFacts(text: string): SectionFacts {
  const prose = proseOf(text)
  const blocks = codeBlocks(text).map((block) => {
    const lines = block.text.trimEnd().split('\n')
    return {
      language: block.language,
      lines: lines.map((line) => line.replace(comment, '').trimEnd()),
      comments: lines.filter((line) => comment.test(line)).length,
    }
  })
  const code = [...blocks.flatMap(({ lines }) => lines), ...spansOf(prose)].join('\n')
  return {
    blocks,
    spans: sorted(spansOf(prose)),
    names: sorted(code.match(/--[a-z][a-z-]*|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []),
    tables: tablesOf(prose),
    listItems: prose.match(/^[ \t]*- /gm)?.length ?? 0,
  }
}

function spansOf(prose: string): string[] {
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '))
}

function tablesOf(prose: string): string[] {
  return [...prose.matchAll(/(?:^\|.*\|$\n?)+/gm)].map(([table]) => {
    const rows = table.trimEnd().split('\n')
    return rows.map((row) => row.replace(/\\\|/g, '').split('|').length - 2).join(' ')
  })
}

/** A section's sentences: no code, and no targets of links. */
function sentencesOf(text: string): string {
  return proseOf(text)
    .replace(/`[^`]+`/g, '`')
    .replace(/\]\([^)]*\)/g, ']')
}

const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** The numbers in a section's sentences: exit codes, times, versions. Number words of English are in `words`. */
export function numbersOf(text: string): { digits: string[]; words: string[] } {
  const sentences = sentencesOf(text).replace(/(\d),(?=\d{3}\b)/g, '$1')
  const digits = sentences.match(/(?<![\w.-])\d+(?:\.\d+)*/g) ?? []
  const words = sentences.toLowerCase().match(/\b[a-z]+\b/g) ?? []
  return {
    digits: sorted(digits),
    words: sorted(words.filter((word) => numberWords.includes(word))).map(
      (word) => `${numberWords.indexOf(word) + 1}`,
    ),
  }
}

/** Paragraphs, rows and list items that have no Chinese, and more English than names of things. */
export function untranslated(text: string): string[] {
  return sentencesOf(text)
    .split(/\n(?=\s*(?:\n|[-|]))/)
    .filter(
      (part) => !/\p{Script=Han}/u.test(part) && (part.match(/(?<!\S)[a-z]{2,}(?!\S)/g) ?? []).length > 3,
    )
}

/** Bold text that is shown with its asterisks, because punctuation is inside and a letter outside (CommonMark, 6.2). */
export function unseenBold(text: string): string[] {
  return [...sentencesOf(text).matchAll(/.?\*\*([^*\n]+)\*\*.?/g)]
    .filter(([whole, bold = '']) => {
      const [before = '', after = ''] = whole.split(`**${bold}**`)
      const letter = /[\p{L}\p{N}]/u
      const punctuation = /\p{P}/u
      return (
        (letter.test(before) && punctuation.test(bold.at(0) ?? '')) ||
        (letter.test(after) && punctuation.test(bold.at(-1) ?? ''))
      )
    })
    .map(([, bold = '']) => bold)
}
