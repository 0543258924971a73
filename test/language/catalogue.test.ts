import { describe, expect, it } from 'vitest'
import { loadChinese } from '../../src/language/index.ts'
import { readSourceFiles, walk } from '../support/source-files.ts'

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

describe('the Chinese catalogue', () => {
  it('holds no text that the program does not say', () => {
    const said = strings()
    expect(chinese.map(([text]) => text).filter((text) => !said.has(text))).toEqual([])
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
