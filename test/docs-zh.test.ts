import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { anchorsOf, relativeLinks, type Section, sectionsOf } from './support/markdown.ts'
import { numbersOf, sectionFacts, unseenBold, untranslated } from './support/page-facts.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** Pages for those who work on sesame, and one that a program writes. Every other page of `docs/` has a Chinese twin. */
const englishOnly = [
  'architecture.md',
  'compatibility.md',
  'performance.md',
  'protocols.md',
  'releasing.md',
  'security-cases.md',
]

const pagesIn = (folder: string) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'))
const userPages = pagesIn('docs').filter((name) => !englishOnly.includes(name))

/** The English page and its Chinese twin. */
const pairs: [english: string, chinese: string][] = [
  ['README.md', 'README.zh-CN.md'],
  ...userPages.map((name): [string, string] => [`docs/${name}`, `docs/zh-CN/${name}`]),
]
const chineseOf = new Map(pairs)
const englishOf = new Map(pairs.map(([english, chinese]) => [chinese, english]))

/** The line under the title, by which the reader changes the language. */
const languageLine = /^(# .*)\n\n\[(?:中文|English)\]\(\S+\)\n/
const textOf = (page: string) =>
  existsSync(join(root, page)) ? read(page).replace(languageLine, '$1\n') : ''

/** Pairs of a section and its twin, by place. */
const sectionsOfBoth = (english: string, chinese: string): [Section, Section | undefined][] => {
  const twins = sectionsOf(textOf(chinese))
  return sectionsOf(textOf(english)).map((section, i) => [section, twins[i]])
}

/** Where a link leads, as the English page and the place of the heading in it; a link away from Chinese says so. */
function destination(page: string, target: string): string {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  const leaves =
    englishOf.has(page) && chineseOf.has(file) ? `English though there is ${chineseOf.get(file)}: ` : ''
  const place = anchor === undefined ? '' : `#${anchorsOf(textOf(file)).indexOf(anchor)}`
  return `${leaves}${englishOf.get(file) ?? file}${place}`
}

describe.each(pairs)('%s and %s', (english, chinese) => {
  test('the Chinese page is there, and each has a link to the other under its title', () => {
    expect(existsSync(join(root, chinese)), `${chinese} is missing`).toBe(true)
    const up = chinese.startsWith('docs/') ? '../' : ''
    const name = english.replace('docs/', '')
    const twin = up === '' ? chinese : `zh-CN/${name}`
    expect(read(english)).toMatch(languageLine)
    expect(read(english).split('\n')[2]).toBe(`[中文](${twin})`)
    expect(read(chinese).split('\n')[2]).toBe(`[English](${up}${name})`)
  })

  test('the same headings, in number and level', () => {
    const outline = (page: string) => sectionsOf(textOf(page)).map(({ level }) => level)
    expect(outline(chinese)).toEqual(outline(english))
  })

  test('the same code, tables, lists, options, variables and fields in each section', () => {
    for (const [section, twin] of sectionsOfBoth(english, chinese))
      expect(sectionFacts(twin?.text ?? ''), section.heading).toEqual(sectionFacts(section.text))
  })

  test('the same exit codes and other numbers in each section', () => {
    for (const [section, twin] of sectionsOfBoth(english, chinese)) {
      const { digits, words } = numbersOf(section.text)
      const shown = numbersOf(twin?.text ?? '').digits
      expect(shown, section.heading).toEqual(expect.arrayContaining(digits))
      expect([...digits, ...words], section.heading).toEqual(expect.arrayContaining(shown))
    }
  })

  test('the same links in each section, to Chinese pages where there are some', () => {
    for (const [section, twin] of sectionsOfBoth(english, chinese)) {
      const links = (page: string, text: string) =>
        [...new Set(relativeLinks(text).map((target) => destination(page, target)))].sort()
      expect(links(chinese, twin?.text ?? ''), section.heading).toEqual(links(english, section.text))
      const away = (text: string) => [...new Set(text.match(/\]\(https?:[^)]+\)/g))].sort()
      expect(away(twin?.text ?? ''), section.heading).toEqual(away(section.text))
    }
  })

  test('it is in Chinese, says 您 as the messages do, and what is bold is shown so', () => {
    for (const { heading, text } of sectionsOf(textOf(chinese))) {
      expect(untranslated(text), heading).toEqual([])
      expect(text).not.toContain('你')
      expect(unseenBold(text), heading).toEqual([])
    }
  })
})

test('there is no Chinese page without an English one', () => {
  expect(pagesIn('docs/zh-CN').filter((name) => !userPages.includes(name))).toEqual([])
})

test('the index of the Chinese pages names those that are English only', () => {
  const links = relativeLinks(read('docs/zh-CN/README.md'))
  for (const name of englishOnly) expect(links).toContain(`../${name}`)
})

describe('a change of the English page alone is noticed', () => {
  const text = [
    'At most `8` requests with `--all`, exit code 3.',
    '',
    '| a | b |',
    '| --- | --- |',
    '| `--x N` | y |',
    '',
    '- one',
    '',
    '```sh',
    'sesame login --env   # here',
    '```',
    '',
  ].join('\n')

  test.each([
    ['an option', '`--all`', '`--none`'],
    ['a row', '| `--x N` | y |', '| `--x N` | y |\n| z | z |'],
    ['a column', '| --- | --- |', '| --- | --- | --- |'],
    ['a list item', '- one', '- one\n- two'],
    ['code', 'sesame login --env', 'sesame login'],
    ['a variable', 'sesame login', 'SESAME_STORE=memory sesame login'],
    ['a missing comment', '   # here', ''],
  ])('%s', (_what, from, to) => {
    expect(sectionFacts(text.replace(from, to))).not.toEqual(sectionFacts(text))
  })

  test('comments may differ, an exit code may not', () => {
    expect(sectionFacts(text.replace('# here', '# 在这里'))).toEqual(sectionFacts(text))
    expect(numbersOf(text)).toEqual({ digits: ['3'], words: ['1'] })
    expect(numbersOf(text.replace('3', '4')).digits).toEqual(['4'])
  })

  test('bold text that begins or ends with punctuation beside a letter', () => {
    expect(unseenBold('- **粗体：**这里\n这里**（粗体）**，**粗体**：`a`，**粗体**。')).toEqual([
      '粗体：',
      '（粗体）',
    ])
  })

  test('a sentence that is not translated', () => {
    expect(untranslated(text)).toEqual(['At most ` requests with `, exit code 3.'])
    expect(untranslated('aliyun CLI、SDK、ossutil 都可以。')).toEqual([])
  })
})
