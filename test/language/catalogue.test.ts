import { describe, expect, it } from 'vitest'
import { loadChinese } from '../../src/language/index.ts'
import { parseSource, readSourceFiles, walk } from '../support/source-files.ts'
import { bareErrorTexts, textsAtLoad } from '../support/spoken-texts.ts'

/** The modules whose texts are all in the catalogue. */
const converted = [
  'cli',
  'compose',
  'console',
  'credentials-server',
  'doctor',
  'files',
  'http',
  'identity',
  'integrations',
  'jwt',
  'kit',
  'loopback',
  'oss',
  'output',
  'profiles',
  'session',
  'sst',
  'store',
  'sts',
  'terminal',
  'values',
]

const chinese = Object.entries(await loadChinese())

const sources = readSourceFiles('src').filter(({ path }) => !path.startsWith('language/'))

/** The strings of the sources, template literals without values among them. */
function strings(): Set<string> {
  const found = new Set<string>()
  for (const { program } of sources)
    walk(program, (node) => {
      if (node.type === 'Literal' && typeof node.value === 'string') found.add(node.value)
      if (node.type === 'TemplateElement') found.add(String((node.value as { cooked: string }).cooked))
    })
  return found
}

/** The texts of the catalogue's files, each as often as it is there. */
function entries(): string[] {
  const found: string[] = []
  for (const { program } of readSourceFiles('src').filter(({ path }) => path.startsWith('language/zh/')))
    walk(program, (node) => {
      if (node.type !== 'Property') return
      if (node.key.type === 'Literal') found.push(String(node.key.value))
      if (node.key.type === 'Identifier') found.push(node.key.name)
    })
  return found
}

describe('the Chinese catalogue', () => {
  it('has each text once', () => {
    const all = entries()
    expect(all).toHaveLength(chinese.length)
    expect(all.filter((text, i) => all.indexOf(text) !== i)).toEqual([])
  })

  it('holds no text that the program does not say', () => {
    const said = strings()
    expect(chinese.map(([text]) => text).filter((text) => !said.has(text))).toEqual([])
  })

  it('holds each text once: of two translations one would never be shown', () => {
    const texts = readSourceFiles('src/language/zh').flatMap(({ program }) => {
      const keys: string[] = []
      walk(program, (node) => {
        if (node.type !== 'Property') return
        const { key } = node as unknown as { key: { value?: unknown; name?: string } }
        keys.push(String(key.value ?? key.name))
      })
      return keys
    })
    expect(texts.length).toBeGreaterThanOrEqual(chinese.length)
    expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([])
  })

  it.each(chinese)('puts the values of "%s" into its translation, each of them', (text, translation) => {
    const names = (template: string) => [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    expect(names(translation)).toEqual(names(text))
  })

  it.each(chinese)('translates "%s", with the same commands and options', (text, translation) => {
    expect(translation).toMatch(/[^ -~]/)
    const words = (template: string) => [...template.matchAll(/--[a-z-]+|\b[A-Z]+_[A-Z_]+\b/g)].flat().sort()
    expect(words(translation)).toEqual(words(text))
  })
})

describe('the texts of the program', () => {
  it('are translated where an error says them, in every converted module', () => {
    const inConverted = sources.filter(({ path }) =>
      converted.some((folder) => path.startsWith(`${folder}/`)),
    )
    expect(inConverted.flatMap(bareErrorTexts)).toEqual([])
  })

  it('are translated when they are shown, never while a file is loaded', () => {
    expect(sources.flatMap(textsAtLoad)).toEqual([])
  })
})

describe('the checks of the texts', () => {
  it.each([
    "new SesameError('ERR_FILE', 'No file.')",
    `new SesameError('ERR_FILE', \`No \${file}.\`)`,
    "new SesameError('ERR_FILE', t('No file.'), { hint: 'Make one.' })",
    "new SesameError('ERR_FILE', t('No file.'), { hint: one ? t('Make one.') : 'Make two.' })",
    "new SesameError('ERR_FILE', reason ?? 'No file.')",
    "const hint = 'Make one.'; new SesameError('ERR_FILE', t('No file.'), { hint })",
    "const hints = { none: 'Make one.' } as const; new SesameError('ERR_FILE', t('No file.'), { hint: hints[kind] })",
  ])('find a bare text: %s', (text) => {
    expect(bareErrorTexts(parseSource('here.ts', text))).toHaveLength(1)
  })

  it('accept texts that are translated, and words that are not', () => {
    const text = `new SesameError('ERR_FILE', t('No {what}.', { what: 'file' }), { hint: \`\${hint} \${t('Again.')}\` })`
    expect(bareErrorTexts(parseSource('here.ts', text))).toEqual([])
  })

  it('accept a command line that is to be typed', () => {
    const text = "new SesameError('ERR_FILE', t('No file.'), { hint: 'sesame configure --store memory' })"
    expect(bareErrorTexts(parseSource('here.ts', text))).toEqual([])
  })

  it.each([
    "const text = t('No file.')",
    "const texts = { none: [t('No file.')] }",
    "class Texts { static none = t('No file.') }",
  ])('find a text that is translated too early: %s', (text) => {
    expect(textsAtLoad(parseSource('here.ts', text))).toHaveLength(1)
  })

  it.each([
    "const text = () => t('No file.')",
    "class Texts { none = t('No file.'); get one() { return t('One.') } }",
  ])('accept a text that is translated in time: %s', (text) => {
    expect(textsAtLoad(parseSource('here.ts', text))).toEqual([])
  })
})
