/** A part of a page: from its heading to the next heading of any level. */
export interface Section {
  /** 1 for the title of the page. */
  level: number
  heading: string
  text: string
}

/** A fenced code block. */
export interface CodeBlock {
  language: string
  text: string
}

const fence = /^([ \t]*)```(\w*)\n([\s\S]*?)^\1```$/gm

/** The fenced code blocks of a page, in order. */
export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(fence)].map(([, , language = '', text = '']) => ({ language, text }))
}

/** The text of a page outside of its fenced code blocks. */
export function proseOf(page: string): string {
  return page.replace(fence, '')
}

/** The headings of a page with the text below each, code blocks included. */
export function sectionsOf(page: string): Section[] {
  const marks = [...page.replace(fence, (block) => block.replace(/^#/gm, ' ')).matchAll(/^(#{1,6}) (.*)$/gm)]
  return marks.map(({ index, 0: line, 1: hashes = '', 2: heading = '' }, i) => ({
    level: hashes.length,
    heading,
    text: page.slice(index + line.length, marks[i + 1]?.index),
  }))
}

/** The anchors of a page's headings, as code hosts make them: lower case, punctuation dropped, blanks as hyphens. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>()
  return sectionsOf(page).map(({ heading }) => {
    const bare = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = bare.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}

/** The targets of the links of a page that lead to files of this repository or to places in the page itself. */
export function relativeLinks(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target))
}

/** The lines of a table in a text whose first cell begins with code: the code of that cell. */
export function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell)
}

/**
 * The words behind `sesame` of every command line in a page: in fenced blocks (a backslash continues a line) and in code spans.
 * Words may be quoted; a pipe, a redirection, a comment or the end of a substitution ends the command.
 */
export function sesameCommands(page: string): string[][] {
  const spans = [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
  const blocks = codeBlocks(page).map(({ text }) => text.replace(/ *\\\n\s*/g, ' '))
  return [...blocks, ...spans].flatMap((text) =>
    [...text.matchAll(/(?:^|[\s("`;&|])sesame (?=[a-z])/gm)].map((match) =>
      wordsOf(text.slice(match.index + match[0].length)),
    ),
  )
}

/** Splits as a shell does, as far as documentation goes. */
function wordsOf(text: string): string[] {
  const words: string[] = []
  let rest = text
  for (;;) {
    rest = rest.replace(/^[ \t]+/, '')
    const match = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'`|;&<>()#]+))/.exec(rest)
    if (match === null) return words
    words.push(match[1] ?? match[2] ?? match[3] ?? '')
    rest = rest.slice(match[0].length)
    if (!/^[ \t]/.test(rest)) return words
  }
}
