import { afterEach, describe, expect, it } from 'vitest'
import { commandNames, loadAllCommands, loadCommand } from '../../src/cli/commands.ts'
import { formatHelp, formatOverview } from '../../src/cli/help.ts'
import { useTranslations } from '../../src/kit/index.ts'
import { loadChinese } from '../../src/language/index.ts'
import { textWidth } from '../../src/terminal/index.ts'

async function pageOf(name: string): Promise<string> {
  const command = await loadCommand(name)
  if (command === undefined) throw new Error(`no command ${name}`)
  return formatHelp(command, name)
}

/** Prose only: examples and addresses are typed as they are, however long. */
const prose = (page: string) =>
  page.split('\n').filter((line) => !/^ {2}(?:sesame|eval|\S+ ?=)|https?:/.test(line))

afterEach(() => useTranslations({}))

describe('help', () => {
  it.each(['en', 'zh'])('is no wider than a terminal (%s)', async (language) => {
    if (language === 'zh') useTranslations(await loadChinese())
    const pages = [formatOverview(await loadAllCommands()), ...(await Promise.all(commandNames.map(pageOf)))]
    const widths = pages.flatMap(prose).map((line) => [textWidth(line), line] as const)
    expect(widths.filter(([width]) => width > 80)).toEqual([])
  })

  it('is in Chinese for Chinese users; options and placeholders are the same', async () => {
    const english = await pageOf('login')
    useTranslations(await loadChinese())
    const chinese = await pageOf('login')
    expect(chinese).toMatch(/^登录并输出凭证；/)
    expect(chinese).toContain('用法：sesame login [OPTIONS]')
    const optionsOf = (page: string) => page.match(/^ {2}--\S+(?: [A-Z]+)?/gm)
    expect(optionsOf(chinese)).toEqual(optionsOf(english))
  })

  it('has no English sentence left', async () => {
    useTranslations(await loadChinese())
    const pages = [formatOverview(await loadAllCommands()), ...(await Promise.all(commandNames.map(pageOf)))]
    const english = pages.flatMap(prose).filter((line) => /[a-z]{3,} [a-z]{2,} [a-z]{3,}/.test(line))
    expect(english).toEqual([])
  })
})
