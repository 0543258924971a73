import { describe, expect, it } from 'vitest'
import { languageOf } from '../../src/language/index.ts'

const languageIn = (env: Record<string, string>, platform = 'linux', system = 'en-US') =>
  languageOf({ env, platform, systemLanguage: () => system })

describe('the language of the user', () => {
  it.each([
    'zh',
    'zh_CN',
    'zh_CN.UTF-8',
    'zh_TW.utf8',
    'zh.UTF-8',
    'zh_CN@pinyin',
    'zh-Hans-CN',
    'ZH_CN.UTF-8',
  ])('is Chinese at LANG=%s', (locale) => expect(languageIn({ LANG: locale })).toBe('zh'))

  it.each(['C', 'C.UTF-8', 'POSIX', 'en_US.UTF-8', 'de_DE', 'zhx_YY'])('is English at LANG=%s', (locale) =>
    expect(languageIn({ LANG: locale }, 'darwin', 'zh-Hans-CN')).toBe('en'),
  )

  it('is English where the character set of a Chinese locale is not UTF-8', () => {
    expect(languageIn({ LANG: 'zh_CN.GBK' })).toBe('en')
    expect(languageIn({ LANG: 'zh_CN.GBK', SESAME_LANGUAGE: 'zh' })).toBe('zh')
  })

  it('follows LC_ALL, then LC_MESSAGES, then LANG; an empty one is not set', () => {
    expect(languageIn({ LC_ALL: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8' })).toBe('en')
    expect(languageIn({ LC_ALL: '', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' })).toBe('zh')
    expect(languageIn({ LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' })).toBe('zh')
  })

  it('is what SESAME_LANGUAGE says before all else', () => {
    expect(languageIn({ SESAME_LANGUAGE: 'zh', LC_ALL: 'en_US.UTF-8' })).toBe('zh')
    expect(languageIn({ SESAME_LANGUAGE: 'zh-CN' })).toBe('zh')
    expect(languageIn({ SESAME_LANGUAGE: 'en', LANG: 'zh_CN.UTF-8' })).toBe('en')
    expect(languageIn({ SESAME_LANGUAGE: '', LANG: 'zh_CN.UTF-8' })).toBe('zh')
  })

  it("is the system's on macOS and Windows where the environment says nothing", () => {
    expect(languageIn({}, 'darwin', 'zh-Hans-CN')).toBe('zh')
    expect(languageIn({}, 'win32', 'zh-CN')).toBe('zh')
    expect(languageIn({}, 'win32', 'en-GB')).toBe('en')
    expect(languageIn({}, 'linux', 'zh-CN')).toBe('en')
  })
})
