import { afterEach, beforeEach, expect, test } from 'vitest'
import { inEnglish, keepTexts, sayAgain, t, useTranslations } from '../../src/kit/index.ts'
import { loadChinese } from '../../src/language/index.ts'

beforeEach(() => useTranslations({}))
afterEach(() => useTranslations({}))

const lock = () => t('Going on without locks: {reason}', { reason: t('permission denied') })

test('a text that was made before the language was known is said in it, with the texts in it', async () => {
  keepTexts()
  const early = lock()
  expect(early).toBe('Going on without locks: permission denied')
  expect(sayAgain(early)).toBe(early)
  useTranslations(await loadChinese())
  expect(sayAgain(early)).toBe('不使用锁，继续运行：权限不足')
  expect(sayAgain(lock())).toBe('不使用锁，继续运行：权限不足')
  expect(sayAgain('of a server')).toBe('of a server')
})

test('what is made for programs is in English, for as long as it is made', async () => {
  useTranslations(await loadChinese())
  const failing = inEnglish(async () => {
    await Promise.resolve()
    throw new Error(lock())
  })
  await expect(failing).rejects.toThrow('Going on without locks: permission denied')
  expect(lock()).toBe('不使用锁，继续运行：权限不足')
})
